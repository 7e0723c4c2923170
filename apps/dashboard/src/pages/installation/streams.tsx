import { Instant } from '../../parts/instant.js';
import { Table } from '../../parts/table.js';
import type { Region } from '../../types.js';
import { bytesOf } from '../../words.js';
import { ServerName } from './server-name.js';

/** What NATS keeps of each region, and how far the replicas are behind. */
export function Streams({ regions }: { readonly regions: readonly Region[] }) {
  const silent = regions.filter(({ streams }) => streams === null).map(({ region }) => region);
  return (
    <>
      <h2>Streams</h2>
      {silent.length > 0 && <p>No allocator of {silent.join(', ')} tells of its streams now.</p>}
      <Table
        title="Streams"
        columns={['Stream', 'Messages', 'Size', 'Last message', 'Leader', 'Replicas']}
        items={regions.flatMap(({ streams }) => streams ?? [])}
        keyOf={({ name }) => name}
        cells={({ name, messages, bytes, lastAt, leader, replicas }) => [
          name,
          messages,
          bytesOf(bytes),
          <Instant at={lastAt} />,
          leader === null ? <span class="lost">none</span> : <ServerName name={leader} />,
          replicas.length === 0
            ? 'none'
            : replicas.map(({ server, isCurrent, lag }) => (
                <span class={isCurrent ? 'count' : 'count lost'}>
                  <ServerName name={server} /> {isCurrent ? 'current' : `${lag} behind`}{' '}
                </span>
              )),
        ]}
      />
    </>
  );
}

import { Instant } from '../../parts/instant.js';
import { Table } from '../../parts/table.js';
import { useTick } from '../../parts/use-tick.js';
import type { WaitingRequests } from '../../types.js';
import { useAnswer } from '../../use-answer.js';

/** How often it is asked for (ms). */
const LOOK_MS = 2_000;

/** The requests that wait for a slot; nothing if none does. */
export function Waiting() {
  const { answer } = useAnswer<WaitingRequests>('/v1/waiting', useTick(LOOK_MS));
  if (answer === null || answer.waiting === 0) return null;
  return (
    <>
      <h2>Waiting for a slot: {answer.waiting}</h2>
      <Table
        title="Requests that wait"
        columns={['Request', 'Region', 'Fleet', 'Since', 'Until', 'At allocator']}
        items={answer.requests}
        keyOf={({ region, allocationId }) => `${region} ${allocationId}`}
        cells={({ allocationId, region, fleet, since, until, allocator }) => [
          allocationId,
          region,
          fleet ?? 'any',
          <Instant at={since} />,
          <Instant at={until} />,
          allocator,
        ]}
      />
    </>
  );
}

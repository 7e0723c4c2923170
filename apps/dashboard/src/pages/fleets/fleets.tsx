import { useEffect, useState } from 'preact/hooks';
import { get } from '../../api.js';
import { events } from '../../live.js';
import { Table } from '../../table.js';
import type { Fleet } from '../../types.js';

/** The size of each fleet, what it has, and the progress of its rollout. */
export function FleetsPage() {
  const [fleets, setFleets] = useState<readonly Fleet[]>([]);
  const [failure, setFailure] = useState('');
  const newest = events.value[0]?.sequence ?? 0;
  useEffect(() => {
    get<{ fleets: readonly Fleet[] }>('/v1/fleets').then(
      (found) => {
        setFleets(found.fleets);
        setFailure('');
      },
      (error: unknown) => setFailure(String(error)),
    );
  }, [newest]);
  return (
    <>
      <h1>Fleets</h1>
      {failure !== '' && <p role="alert">{failure}</p>}
      <Table
        title="Fleets"
        columns={['Fleet', 'Allocated', 'Warm', 'Cold', 'Size', 'Runs', 'Rollout']}
        items={fleets}
        keyOf={({ id }) => id}
        cells={({ id, allocated, warm, cold, size, buildConfiguration, rollout }) => [
          <a href={`#/slots?q=${encodeURIComponent(id.slice(id.indexOf('.') + 1))}`}>{id}</a>,
          allocated,
          warm,
          cold,
          size === null ? 'as its agents are set' : `${size.minAvailable} to ${size.max}`,
          buildConfiguration ?? 'as its agents are set',
          rollout === null
            ? ''
            : `${rollout.done} done, ${rollout.changing} changing, ${rollout.waiting} waiting, ${rollout.failed} failed`,
        ]}
      />
    </>
  );
}

import { slots } from '../../live.js';
import { linkTo } from '../../route.js';
import { Table } from '../../parts/table.js';
import type { Fleet } from '../../types.js';
import { useAnswer } from '../../use-answer.js';
import { rolloutOf, sizeOf } from './words.js';

/** The size of each fleet, what it has, and the progress of its rollout. */
export function FleetsPage() {
  const { answer, failure } = useAnswer<{ fleets: readonly Fleet[] }>('/v1/fleets', slots.value);
  return (
    <>
      <h1>Fleets</h1>
      {failure !== '' && <p role="alert">{failure}</p>}
      <Table
        title="Fleets"
        columns={['Fleet', 'Allocated', 'Warm', 'Cold', 'Size', 'Runs', 'Rollout']}
        items={answer?.fleets ?? []}
        keyOf={({ id }) => id}
        cells={(fleet) => [
          <a href={linkTo('fleets', fleet.id)}>{fleet.id}</a>,
          fleet.allocated,
          fleet.warm,
          fleet.cold,
          sizeOf(fleet),
          fleet.buildConfiguration ?? 'as its agents are set',
          rolloutOf(fleet),
        ]}
      />
    </>
  );
}

import { queryOf } from '../../api.js';
import { slots } from '../../live.js';
import { Changed } from '../../parts/changed.js';
import { Failure } from '../../parts/failure.js';
import { Table } from '../../parts/table.js';
import { linkTo } from '../../route.js';
import type { Fleet } from '../../types.js';
import { useAnswer } from '../../use-answer.js';
import { Rollout } from './rollout.js';
import { sizeOf } from './words.js';

/** The size of each fleet, what it has, and the progress of its rollout. */
export function FleetsPage() {
  const { answer, failure } = useAnswer<{ fleets: readonly Fleet[] }>(
    '/v1/fleets?limit=1000',
    slots.value,
  );
  return (
    <>
      <h1>Fleets</h1>
      <Failure text={failure} />
      <Table
        title="Fleets"
        columns={['Fleet', 'Allocated', 'Warm', 'Cold', 'Size', 'Runs', 'Rollout', 'Last change']}
        items={answer?.fleets ?? []}
        keyOf={({ id }) => id}
        cells={(fleet) => [
          <a href={linkTo('fleets', fleet.id)}>{fleet.id}</a>,
          <a href={slotsOf(fleet, 'allocated')}>{fleet.allocated}</a>,
          <a href={slotsOf(fleet, 'warm')}>{fleet.warm}</a>,
          <a href={slotsOf(fleet, 'cold')}>{fleet.cold}</a>,
          sizeOf(fleet),
          fleet.buildConfiguration ?? 'as its agents are set',
          fleet.rollout && <Rollout rollout={fleet.rollout} />,
          fleet.lastChange && <Changed change={fleet.lastChange} />,
        ]}
      />
    </>
  );
}

const slotsOf = ({ id }: Fleet, state: string) => `#/slots?${queryOf({ fleet: id, state })}`;

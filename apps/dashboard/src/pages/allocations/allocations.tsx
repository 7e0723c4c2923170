import { slots } from '../../live.js';
import { Instant } from '../../parts/instant.js';
import { State } from '../../parts/state.js';
import { Table } from '../../parts/table.js';
import { linkTo } from '../../route.js';
import { stateOf } from '../../words.js';
import { PastAllocations } from './past-allocations.js';
import { Waiting } from './waiting.js';

/** The sessions that run, and those that are over. */
export function AllocationsPage() {
  const found = [...slots.value.values()]
    .flatMap((slot) => (slot.allocation === null ? [] : [{ ...slot, allocation: slot.allocation }]))
    .toSorted((one, other) => other.allocation.requestedAt - one.allocation.requestedAt);
  return (
    <>
      <h1>Allocations</h1>
      <Waiting />
      {found.length > 0 && <h2>Sessions that run: {found.length}</h2>}
      {found.length === 0 && (
        <p>
          No session runs now. <a href="#/try">Try it</a>.
        </p>
      )}
      <Table
        title="Sessions that run"
        columns={['Allocation', 'State', 'Since', 'Fleet', 'Slot', 'Address']}
        items={found}
        keyOf={({ id }) => id}
        cells={(slot) => [
          <a href={linkTo('allocations', slot.allocation.allocationId)}>
            {slot.allocation.allocationId}
          </a>,
          <State name={stateOf(slot)} />,
          <Instant at={slot.allocation.requestedAt} />,
          slot.fleet,
          <a href={linkTo('slots', slot.id)}>{slot.id}</a>,
          slot.address,
        ]}
      />
      <PastAllocations />
    </>
  );
}

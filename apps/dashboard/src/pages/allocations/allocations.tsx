import { slots } from '../../live.js';
import { linkTo } from '../../route.js';
import { State, Table } from '../../table.js';
import { stateOf, timeOf } from '../../words.js';

/** The running sessions. */
export function AllocationsPage() {
  const found = [...slots.value.values()]
    .flatMap((slot) => (slot.allocation === null ? [] : [{ ...slot, allocation: slot.allocation }]))
    .toSorted((one, other) => other.allocation.requestedAt - one.allocation.requestedAt);
  return (
    <>
      <h1>Allocations</h1>
      {found.length === 0 && (
        <p>
          No session runs now. <a href="#/try">Try it</a>, or find one that is over by its id,
          above.
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
          timeOf(slot.allocation.requestedAt),
          slot.fleet,
          <a href={linkTo('slots', slot.id)}>{slot.id}</a>,
          slot.address,
        ]}
      />
    </>
  );
}

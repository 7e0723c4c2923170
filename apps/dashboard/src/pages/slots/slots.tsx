import { useState } from 'preact/hooks';
import { slots } from '../../live.js';
import { ChoiceFilter, Filters, TextFilter } from '../../parts/filters.js';
import { State } from '../../parts/state.js';
import { Table } from '../../parts/table.js';
import { filterOf, linkTo } from '../../route.js';
import type { Slot } from '../../types.js';
import { counted, fleetOf, stateOf, STATES } from '../../words.js';
import { Directions } from './directions.js';

/** All slots. Chosen ones, or all that are found, can be directed at once. */
export function SlotsPage() {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const found = foundSlots();
  const fleets = [...new Set([...slots.value.values()].map(fleetOf))].toSorted();
  const isOneFleet = fleets.length < 2 && filterOf('fleet') === '';
  const some = found.filter(({ id }) => chosen.has(id));
  const directed = some.length > 0 ? some : found;
  const choose = (id: string, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  return (
    <>
      <h1>Slots</h1>
      <Filters>
        <ChoiceFilter
          name="state"
          title="State"
          choices={[['', 'any'], ...['allocated', ...STATES].map((name) => [name, name] as const)]}
        />
        {!isOneFleet && (
          <ChoiceFilter
            name="fleet"
            title="Fleet"
            choices={[['', 'any'], ...fleets.map((name) => [name, name] as const)]}
          />
        )}
        <TextFilter name="q" title="Text" />
        <output>{counted(found.length, 'slot')}</output>
      </Filters>
      {found.length > 0 && (
        <details>
          <summary>
            {some.length > 0 ? `Direct the ${some.length} chosen ones` : 'Direct all of these'} at
            once
          </summary>
          <Directions ids={directed.map(({ id }) => id)} />
        </details>
      )}
      <Table
        title="Slots"
        columns={['Slot', 'State', 'Fleet', 'Runs', 'Address', 'Session']}
        items={found}
        keyOf={({ id }) => id}
        cells={(slot) => [
          <>
            <input
              type="checkbox"
              aria-label={`Choose ${slot.id}`}
              checked={chosen.has(slot.id)}
              onChange={(event) => choose(slot.id, event.currentTarget.checked)}
            />{' '}
            <a href={linkTo('slots', slot.id)}>{slot.id}</a>
          </>,
          <State name={stateOf(slot)} />,
          slot.fleet,
          slot.buildConfiguration,
          slot.address,
          slot.allocation && (
            <a href={linkTo('allocations', slot.allocation.allocationId)}>
              {slot.allocation.allocationId}
            </a>
          ),
        ]}
      />
    </>
  );
}

function foundSlots() {
  const [state, fleet, words] = [filterOf('state'), filterOf('fleet'), filterOf('q')];
  return [...slots.value.values()].filter((slot) => {
    const text = `${slot.id} ${slot.fleet} ${slot.buildConfiguration} ${slot.allocation?.allocationId ?? ''}`;
    const isOfFleet = fleet === '' || fleetOf(slot) === fleet;
    return isOfFleet && isIn(slot, state) && text.includes(words);
  });
}

/** `allocated` stands for all states of a session. */
const isIn = (slot: Slot, state: string) =>
  state === '' || stateOf(slot) === state || (state === 'allocated' && slot.status === state);

import { slots } from '../../live.js';
import { linkTo, route, setQuery } from '../../route.js';
import { State, Table } from '../../table.js';
import { stateOf, STATES } from '../../words.js';
import { Directions } from './directions.js';

/** All slots. The filter is part of the page's address, so that a link to it can be sent. */
export function SlotsPage() {
  const { query } = route.value;
  const [state, words] = [query.get('state') ?? '', query.get('q') ?? ''];
  const found = [...slots.value.values()].filter((slot) => {
    const text = `${slot.id} ${slot.fleet} ${slot.buildConfiguration} ${slot.allocation?.allocationId ?? ''}`;
    return (state === '' || stateOf(slot) === state) && text.includes(words);
  });
  return (
    <>
      <h1>Slots</h1>
      <form class="filter" onSubmit={(event) => event.preventDefault()}>
        <label>
          State{' '}
          <select value={state} onChange={(event) => setQuery('state', event.currentTarget.value)}>
            <option value="">any</option>
            {STATES.map((name) => (
              <option value={name}>{name}</option>
            ))}
          </select>
        </label>
        <label>
          Text{' '}
          <input
            type="search"
            value={words}
            onInput={(event) => setQuery('q', event.currentTarget.value)}
          />
        </label>
        <output>{found.length === 1 ? '1 slot' : `${found.length} slots`}</output>
      </form>
      {found.length > 0 && (
        <details>
          <summary>Direct all of these at once</summary>
          <Directions ids={found.map(({ id }) => id)} />
        </details>
      )}
      <Table
        title="Slots"
        columns={['Slot', 'State', 'Fleet', 'Runs', 'Address', 'Session']}
        items={found}
        keyOf={({ id }) => id}
        cells={(slot) => [
          <a href={linkTo('slots', slot.id)}>{slot.id}</a>,
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

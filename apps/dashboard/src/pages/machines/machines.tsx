import { slots } from '../../live.js';
import { State, Table } from '../../table.js';
import { stateOf, STATES } from '../../words.js';

/** Each agent with its slots. */
export function MachinesPage() {
  const all = [...slots.value.values()];
  const machines = [...Map.groupBy(all, ({ region, agent }) => `${region}.${agent}`)];
  return (
    <>
      <h1>Machines</h1>
      <Table
        title="Machines"
        columns={['Agent', 'Slots', 'States']}
        items={machines}
        keyOf={([name]) => name}
        cells={([name, own]) => [
          <a href={`#/slots?q=${encodeURIComponent(`${name}.`)}`}>{name}</a>,
          own.length,
          STATES.map(
            (state) => [state, own.filter((slot) => stateOf(slot) === state).length] as const,
          )
            .filter(([, count]) => count > 0)
            .map(([state, count]) => (
              <span class="count">
                {count} <State name={state} />{' '}
              </span>
            )),
        ]}
      />
    </>
  );
}

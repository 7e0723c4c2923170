import { slots } from '../../live.js';
import { Table } from '../../parts/table.js';
import { linkTo } from '../../route.js';
import { Counts } from './counts.js';

/** Each agent with its slots. */
export function MachinesPage() {
  const machines = [...machinesOf(slots.value.values())];
  return (
    <>
      <h1>Machines</h1>
      <Table
        title="Machines"
        columns={['Agent', 'Heard', 'Slots', 'States', 'Games that fail']}
        items={machines}
        keyOf={([name]) => name}
        cells={([name, own]) => [
          <a href={linkTo('machines', name)}>{name}</a>,
          own.some(({ agentLost }) => agentLost) ? <span class="lost">lost</span> : 'yes',
          own.length,
          <Counts slots={own} />,
          own.filter(({ failure }) => failure !== null).length || '',
        ]}
      />
    </>
  );
}

/** The slots of each agent, by `region.agent`. */
export function machinesOf<T extends { readonly region: string; readonly agent: string }>(
  all: Iterable<T>,
): ReadonlyMap<string, readonly T[]> {
  return Map.groupBy(all, ({ region, agent }) => `${region}.${agent}`);
}

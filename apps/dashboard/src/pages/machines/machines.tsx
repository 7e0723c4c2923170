import { slots } from '../../live.js';
import { Failure } from '../../parts/failure.js';
import { Table } from '../../parts/table.js';
import { linkTo } from '../../route.js';
import { DiskRoom, Heard } from './agent-words.js';
import { Counts } from './counts.js';
import { useAgents } from './use-agents.js';

/** Each agent with its slots, when it was heard last, and the room on its disk. */
export function MachinesPage() {
  const machines = [...machinesOf(slots.value.values())];
  const { answer, failure } = useAgents();
  return (
    <>
      <h1>Machines</h1>
      <Failure text={failure} />
      <Table
        title="Machines"
        columns={['Agent', 'Last beat', 'Slots', 'States', 'Disk', 'Checks']}
        items={machines}
        keyOf={([name]) => name}
        cells={([name, own]) => [
          <a href={linkTo('machines', name)}>{name}</a>,
          <Heard agent={answer?.get(name)} />,
          own.length,
          <Counts slots={own} />,
          <DiskRoom agent={answer?.get(name)} />,
          checksOf(
            answer?.get(name)?.notReadyBecause,
            own.filter(({ failure: wrong }) => wrong !== null).length,
          ),
        ]}
      />
    </>
  );
}

/** What the agent says of itself, and how many games fail their checks. */
function checksOf(notReadyBecause: string | null | undefined, failing: number) {
  if (!notReadyBecause && failing === 0) return 'passed';
  return (
    <span class="lost">
      {[notReadyBecause, failing > 0 && `${failing} games fail`].filter(Boolean).join('; ')}
    </span>
  );
}

/** The slots of each agent, by `region.agent`. */
export function machinesOf<T extends { readonly region: string; readonly agent: string }>(
  all: Iterable<T>,
): ReadonlyMap<string, readonly T[]> {
  return Map.groupBy(all, ({ region, agent }) => `${region}.${agent}`);
}

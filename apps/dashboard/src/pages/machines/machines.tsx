import { isLost } from '#diagnosis';
import { slots } from '../../live.js';
import { Failure } from '../../parts/failure.js';
import { ChoiceFilter, Filters, TextFilter } from '../../parts/filters.js';
import { Table } from '../../parts/table.js';
import { filterOf, linkTo } from '../../route.js';
import type { Agent, Machine } from '../../types.js';
import { DiskRoom, Heard } from './agent-words.js';
import { Counts } from './counts.js';
import { Policy } from './policy.js';
import { counted, machineOf } from '../../words.js';
import { useAgents, useMachines } from './use-by-id.js';

/** Each machine with its slots, when it was heard last, the room on its disk, and its policy. */
export function MachinesPage() {
  const { answer, failure } = useAgents();
  const policies = useMachines().answer;
  const withSlots = machinesOf(slots.value.values());
  const names = new Set([...withSlots.keys(), ...(policies?.keys() ?? [])]);
  const machines = [...names].map((name) => [name, withSlots.get(name) ?? []] as const);
  const found = machines.filter(
    ([name]) => name.includes(filterOf('q')) && isHeard(answer?.get(name), filterOf('heard')),
  );
  return (
    <>
      <h1>Machines</h1>
      <Filters>
        <ChoiceFilter name="heard" title="Agent" choices={HEARD} />
        <TextFilter name="q" title="Name" />
        <output>{counted(found.length, 'machine')}</output>
      </Filters>
      <Failure text={failure} />
      <Table
        title="Machines"
        columns={['Agent', 'Last beat', 'Slots', 'States', 'Disk', 'Policy', 'Checks']}
        items={found}
        keyOf={([name]) => name}
        cells={([name, own]) => [
          <a href={linkTo('machines', name)}>{name}</a>,
          <Heard agent={answer?.get(name)} />,
          own.length,
          <Counts slots={own} />,
          <DiskRoom agent={answer?.get(name)} />,
          <Policy machine={policies?.get(name)} />,
          checksOf(
            answer?.get(name),
            own.filter(({ failure: wrong }) => wrong !== null).length,
            policies?.get(name),
          ),
        ]}
      />
    </>
  );
}

const HEARD = [
  ['', 'any'],
  ['lost', 'lost'],
  ['stopped', 'stopped in order'],
] as const;

function isHeard(agent: Agent | undefined, wanted: string): boolean {
  if (wanted === '') return true;
  return agent !== undefined && (wanted === 'lost' ? isLost(agent) : agent.hasStopped);
}

/** What the agent says of itself, how many games fail their checks, and what the policy forbids. */
function checksOf(agent: Agent | undefined, failing: number, machine: Machine | undefined) {
  const wrong = [
    agent?.notReadyBecause,
    failing > 0 && counted(failing, 'failing game'),
    machine && machine.beyond > 0 && `beyond the policy: ${machine.beyond}`,
    machine?.refused && `the policy refused ${machine.refused.slot}`,
  ].filter(Boolean);
  return wrong.length === 0 ? 'passed' : <span class="lost">{wrong.join('; ')}</span>;
}

/** The slots of each agent, by `region.agent`. */
export function machinesOf<T extends { readonly region: string; readonly agent: string }>(
  all: Iterable<T>,
): ReadonlyMap<string, readonly T[]> {
  return Map.groupBy(all, machineOf);
}

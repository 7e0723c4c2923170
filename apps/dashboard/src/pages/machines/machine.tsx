import { slots } from '../../live.js';
import { Changed } from '../../parts/changed.js';
import { Facts } from '../../parts/facts.js';
import { Instant } from '../../parts/instant.js';
import { State } from '../../parts/state.js';
import { Table } from '../../parts/table.js';
import { linkTo } from '../../route.js';
import type { Slot } from '../../types.js';
import { stateOf } from '../../words.js';
import { Directions } from '../slots/directions.js';
import { DiskRoom, Heard } from './agent-words.js';
import { Counts } from './counts.js';
import { machinesOf } from './machines.js';
import { Policy, Refused } from './policy.js';
import { useAgents, useMachines } from './use-by-id.js';

/** One machine: whether its agent is heard, its slots, and what can be done with all of them. */
export function MachinePage({ id }: { readonly id: string }) {
  const own = machinesOf(slots.value.values()).get(id) ?? [];
  const agent = useAgents().answer?.get(id);
  const machine = useMachines().answer?.get(id);
  return (
    <>
      <h1>{id}</h1>
      <Facts
        of={{
          'Last beat': agent && <Heard agent={agent} />,
          Since: agent?.startedAt && <Instant at={agent.startedAt} />,
          Version: agent?.version,
          Disk: agent?.disk && <DiskRoom agent={agent} />,
          'Not ready': agent?.notReadyBecause,
          Slots: own.length > 0 && <Counts slots={own} />,
          Policy: machine && <Policy machine={machine} />,
          'Policy set': machine?.lastChange && <Changed change={machine.lastChange} />,
          'Beyond it': machine && machine.beyond > 0 && (
            <span class="lost">{machine.beyond}, drained</span>
          ),
          'Refused by it': machine?.refused && <Refused machine={machine} />,
        }}
      />
      {own.length > 0 ? <OwnSlots own={own} /> : <p>No slot of this machine is known now.</p>}
    </>
  );
}

function OwnSlots({ own }: { readonly own: readonly Slot[] }) {
  return (
    <>
      <Directions ids={own.map((slot) => slot.id)} />
      <h2>Slots</h2>
      <Table
        title="Slots"
        columns={['Slot', 'State', 'Fleet', 'Runs', 'Wrong']}
        items={own}
        keyOf={(slot) => slot.id}
        cells={(slot) => [
          <a href={linkTo('slots', slot.id)}>{slot.id}</a>,
          <State name={stateOf(slot)} />,
          slot.fleet,
          slot.buildConfiguration,
          slot.failure && `${slot.failure.check}: ${slot.failure.reason}`,
        ]}
      />
    </>
  );
}

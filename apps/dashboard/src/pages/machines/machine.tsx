import { slots } from '../../live.js';
import { Facts } from '../../parts/facts.js';
import { State } from '../../parts/state.js';
import { Table } from '../../parts/table.js';
import { linkTo } from '../../route.js';
import { stateOf } from '../../words.js';
import { Directions } from '../slots/directions.js';
import { Counts } from './counts.js';
import { machinesOf } from './machines.js';

/** One machine: whether its agent is heard, its slots, and what can be done with all of them. */
export function MachinePage({ id }: { readonly id: string }) {
  const own = machinesOf(slots.value.values()).get(id) ?? [];
  const isLost = own.some(({ agentLost }) => agentLost);
  if (own.length === 0) {
    return (
      <>
        <h1>{id}</h1>
        <p>No slot of this machine is known now.</p>
      </>
    );
  }
  return (
    <>
      <h1>{id}</h1>
      <Facts
        of={{
          Agent: isLost ? <span class="lost">lost: nobody hears it</span> : 'heard',
          Slots: <Counts slots={own} />,
        }}
      />
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

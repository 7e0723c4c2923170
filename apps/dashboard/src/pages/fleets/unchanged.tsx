import { slots } from '../../live.js';
import { State } from '../../parts/state.js';
import { Table } from '../../parts/table.js';
import { linkTo } from '../../route.js';
import type { Fleet, Slot } from '../../types.js';
import { fleetOf, stateOf, versioned } from '../../words.js';

/** The slots of the fleet that do not run yet what is rolled out, and why. */
export function Unchanged({ fleet: { id, rollout } }: { readonly fleet: Fleet }) {
  if (rollout === null) return null;
  const left = [...slots.value.values()].filter(
    (slot) => fleetOf(slot) === id && runs(slot, rollout) === false,
  );
  if (left.length === 0) return null;
  return (
    <>
      <h2>Not changed yet</h2>
      <Table
        title="Slots that are not changed yet"
        columns={['Slot', 'State', 'Runs', 'Why']}
        items={left}
        keyOf={(slot) => slot.id}
        cells={(slot) => [
          <a href={linkTo('slots', slot.id)}>{slot.id}</a>,
          <State name={stateOf(slot)} />,
          slot.process && versioned(slot.process.buildConfiguration, slot.process.version),
          whyNot(slot, rollout.failed),
        ]}
      />
    </>
  );
}

/** Null if it runs nothing: it would start with what is rolled out. */
function runs({ process }: Slot, { buildConfiguration, version }: NonNullable<Fleet['rollout']>) {
  if (process === null) return null;
  return process.buildConfiguration === buildConfiguration && process.version === version;
}

function whyNot({ agentLost, allocation, failure, status }: Slot, failed: number): string {
  if (failure !== null) return `${failure.check}: ${failure.reason}`;
  if (agentLost) return 'its agent is lost';
  if (allocation !== null) return 'has a session: changes when it is over';
  if (status !== 'available') return `is ${status}`;
  return failed > 0 ? 'waits: a game did not start, so the rollout stands' : 'waits for its turn';
}

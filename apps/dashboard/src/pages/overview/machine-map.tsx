import { linkTo } from '../../route.js';
import type { Slot } from '../../types.js';
import { stateOf, STATES } from '../../words.js';
import { machinesOf } from '../machines/machines.js';

/** Slots are drawn one by one up to this many; of more, each machine is one bar. */
const MAP_MAX = 2_000;

/** Each machine with its slots, each in the colour of its state; first those with a slot in trouble. */
export function MachineMap({ slots }: { readonly slots: readonly Slot[] }) {
  const machines = [...machinesOf(slots)].map(([name, own]) => ({
    name,
    own,
    troubled: troubled(own),
  }));
  const sorted = machines.toSorted(
    (one, other) => Math.sign(other.troubled) - Math.sign(one.troubled),
  );
  return (
    <ul class={slots.length > MAP_MAX ? 'machines many' : 'machines'}>
      {sorted.map(({ name, own, troubled: count }) => (
        <li key={name}>
          <a href={linkTo('machines', name)}>{name}</a>
          {count > 0 && <strong class="lost"> {count} in trouble</strong>}
          {slots.length > MAP_MAX ? <Shares of={own} /> : <Cells of={own} />}
        </li>
      ))}
    </ul>
  );
}

/** How many slots are lost, or have games that fail: one of a thousand is too thin to be seen. */
function troubled(slots: readonly Slot[]): number {
  return slots.filter(isInTrouble).length;
}

const isInTrouble = (slot: Slot) => slot.failure !== null || slot.agentLost;

function Cells({ of }: { readonly of: readonly Slot[] }) {
  return (
    <span class="cells">
      {of.map((slot) => {
        const [state, isMarked] = [stateOf(slot), isInTrouble(slot)];
        const says = `${slot.id}: ${state}${slot.failure ? ', its game fails' : ''}`;
        return (
          <a
            {...{ key: slot.id, href: linkTo('slots', slot.id), title: says, 'aria-label': says }}
            class={`cell ${state} ${isMarked ? 'marked' : ''}`}
          />
        );
      })}
    </span>
  );
}

/** One bar with the share of each state. */
function Shares({ of }: { readonly of: readonly Slot[] }) {
  const counts = Map.groupBy(of, stateOf);
  let x = 0;
  const shares = STATES.map((state) => {
    const width = counts.get(state)?.length ?? 0;
    x += width;
    return { state, width, x: x - width };
  }).filter(({ width }) => width > 0);
  const said = shares.map(({ state, width }) => `${width} ${state}`).join(', ');
  return (
    <svg viewBox={`0 0 ${of.length} 1`} preserveAspectRatio="none" role="img" aria-label={said}>
      {shares.map(({ state, ...share }) => (
        <rect key={state} class={`bar ${state}`} y={0} height={1} {...share} />
      ))}
    </svg>
  );
}

import { linkTo } from '../../route.js';
import type { Slot } from '../../types.js';
import { stateOf } from '../../words.js';
import { machinesOf } from '../machines/machines.js';

/** The map is drawn for at most this many slots; for more, numbers are clearer. */
const MAP_MAX = 2_000;

/** Each machine with its slots, each in the colour of its state. */
export function MachineMap({ slots }: { readonly slots: readonly Slot[] }) {
  if (slots.length > MAP_MAX) return <p>{slots.length} slots: too many to draw one by one.</p>;
  return (
    <ul class="machines">
      {[...machinesOf(slots)].map(([name, own]) => (
        <li key={name}>
          <a href={linkTo('machines', name)}>{name}</a>
          <span class="cells">
            {own.map((slot) => (
              <a
                key={slot.id}
                class={`cell ${stateOf(slot)}`}
                href={linkTo('slots', slot.id)}
                title={`${slot.id}: ${stateOf(slot)}`}
                aria-label={`${slot.id}: ${stateOf(slot)}`}
              />
            ))}
          </span>
        </li>
      ))}
    </ul>
  );
}

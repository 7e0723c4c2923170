import type { Slot } from '../../types.js';
import { stateOf, STATES } from '../../words.js';

/** How many slots are in each state. */
export function Numbers({ slots }: { readonly slots: readonly Slot[] }) {
  const counts = Map.groupBy(slots, stateOf);
  return (
    <ul class="numbers">
      {STATES.map((state) => (
        <li>
          <a href={`#/slots?state=${state}`} class={`state ${state}`}>
            <strong>{counts.get(state)?.length ?? 0}</strong> {state}
          </a>
        </li>
      ))}
    </ul>
  );
}

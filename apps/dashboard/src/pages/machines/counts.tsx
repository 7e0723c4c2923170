import { State } from '../../parts/state.js';
import type { Slot } from '../../types.js';
import { stateOf, STATES } from '../../words.js';

/** How many of the slots are in which state. */
export function Counts({ slots }: { readonly slots: readonly Slot[] }) {
  const counted = STATES.map(
    (state) => [state, slots.filter((slot) => stateOf(slot) === state).length] as const,
  );
  return (
    <>
      {counted
        .filter(([, count]) => count > 0)
        .map(([state, count]) => (
          <>
            <span class="count">
              {count} <State name={state} />
            </span>{' '}
          </>
        ))}
    </>
  );
}

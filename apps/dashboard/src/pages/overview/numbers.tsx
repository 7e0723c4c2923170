import { linkTo } from '../../route.js';
import type { Slot } from '../../types.js';
import { stateOf, STATES } from '../../words.js';
import { Figure } from './figure.js';

/** How many slots are in each state. */
export function Numbers({ slots }: { readonly slots: readonly Slot[] }) {
  const counts = Map.groupBy(slots, stateOf);
  return (
    <ul class="numbers">
      {STATES.map((state) => (
        <Figure
          {...{ of: counts.get(state)?.length ?? 0, says: state, colour: state }}
          to={`${linkTo('slots')}?state=${state}`}
        />
      ))}
    </ul>
  );
}

import { linkTo } from '../../route.js';
import type { Slot } from '../../types.js';
import { stateOf, STATES } from '../../words.js';
import { Figure } from './figure.js';

/** How many slots are in each state. */
export function Numbers({ slots }: { readonly slots: readonly Slot[] }) {
  const counts = Map.groupBy(slots, stateOf);
  return (
    <ul class="numbers">
      {STATES.map((state) => {
        const of = counts.get(state)?.length ?? 0;
        // Nothing to look at: it has the colour of nothing.
        const colour = of > 0 ? state : 'cold';
        return <Figure {...{ of, says: state, colour, to: `${linkTo('slots')}?state=${state}` }} />;
      })}
    </ul>
  );
}

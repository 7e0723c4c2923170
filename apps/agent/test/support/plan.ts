import { slot, type SlotEvent } from '#slot';
import { given } from '#testing';
import { desired } from '../../src/slot/desired.js';
import { afterExit, type Observed } from '../../src/slot/observed.js';
import { nextAction, type Action } from '../../src/slot/slot-plan.js';
import { observed } from './samples.js';

/** When the plan is asked (epoch ms), and an instant after that. */
export const NOW = 1_000;
export const LATER = NOW + 500;

/** The next action for a slot with these events, on a machine that looks like this. */
export function step(
  events: readonly SlotEvent[],
  seen: Partial<Observed>,
  keepWarm = true,
): Action {
  const now = observed(seen);
  const wanted = desired(given(slot, ...events).state, keepWarm);
  return nextAction(afterExit(wanted, now.record), now, NOW);
}

import { warmWanted, type FleetSize } from '#fleet';
import type { FleetCounts, Free } from '#pool';

/** So many slots that stand so are to be warm, cold, or left to their agents. */
export interface Change {
  readonly standing: Free;
  readonly most: number;
  readonly warmth: boolean | null;
}

/**
 * What a fleet's free slots are to become. Slots whose process runs already are warmed before
 * others; and what is still left to the agents is decided for every slot, for they would keep it
 * warm or not as each is set.
 */
export function changesFor(size: FleetSize | null, counts: FleetCounts): readonly Change[] {
  const { warm, cold, leftWarm, leftCold } = counts;
  if (size === null) {
    return some([
      { standing: 'warm', most: warm, warmth: null },
      { standing: 'cold', most: cold, warmth: null },
    ]);
  }
  const lacking = warmWanted(size, counts.taken) - warm;
  const ofRunning = within(lacking, leftWarm);
  const ofCold = within(lacking - ofRunning, cold);
  const ofOthers = within(lacking - ofRunning - ofCold, leftCold);
  return some([
    { standing: 'leftWarm', most: ofRunning, warmth: true },
    { standing: 'cold', most: ofCold, warmth: true },
    { standing: 'leftCold', most: ofOthers, warmth: true },
    { standing: 'leftWarm', most: leftWarm - ofRunning, warmth: false },
    { standing: 'leftCold', most: leftCold - ofOthers, warmth: false },
    { standing: 'warm', most: within(-lacking, warm), warmth: false },
  ]);
}

const within = (wanted: number, most: number) => Math.max(0, Math.min(wanted, most));

const some = (changes: readonly Change[]) => changes.filter(({ most }) => most > 0);

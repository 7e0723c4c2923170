import { warmWanted, type FleetSize } from '#fleet';
import type { FleetCounts, FreeSlot } from '#pool';

/** At most so many slots that are `from` become warm (true), cold, or their agents' own (null). */
export interface Change {
  readonly from: FreeSlot;
  readonly most: number;
  readonly warmth: boolean | null;
}

/**
 * What a fleet's free slots are to become. Slots whose process runs already are warmed before
 * others; and what is still left to the agents is decided for every slot, for they would keep it
 * warm or not as each is set.
 */
export function changesFor(size: FleetSize | null, counts: FleetCounts): readonly Change[] {
  const { desiredWarm, desiredCold, unmanagedWarm, unmanagedCold } = counts;
  if (size === null) {
    return some([
      { from: 'desiredWarm', most: desiredWarm, warmth: null },
      { from: 'desiredCold', most: desiredCold, warmth: null },
    ]);
  }
  const lacking = warmWanted(size, counts.taken) - desiredWarm;
  const ofRunning = within(lacking, unmanagedWarm);
  const ofCold = within(lacking - ofRunning, desiredCold);
  const ofOthers = within(lacking - ofRunning - ofCold, unmanagedCold);
  return some([
    { from: 'unmanagedWarm', most: ofRunning, warmth: true },
    { from: 'desiredCold', most: ofCold, warmth: true },
    { from: 'unmanagedCold', most: ofOthers, warmth: true },
    { from: 'unmanagedWarm', most: unmanagedWarm - ofRunning, warmth: false },
    { from: 'unmanagedCold', most: unmanagedCold - ofOthers, warmth: false },
    { from: 'desiredWarm', most: within(-lacking, desiredWarm), warmth: false },
  ]);
}

const within = (wanted: number, most: number) => Math.max(0, Math.min(wanted, most));

const some = (changes: readonly Change[]) => changes.filter(({ most }) => most > 0);

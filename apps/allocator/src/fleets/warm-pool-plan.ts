import { warmWanted, type FleetSize } from '#fleet';
import type { FleetCounts, FreeSlot } from '#pool';

/**
 * Up to `most` slots of availability `from` become warm (true), cold (false) or unmanaged (null).
 */
export interface Change {
  readonly from: FreeSlot;
  readonly most: number;
  readonly warmth: boolean | null;
}

/**
 * What a fleet's free slots are to become. Slots whose process already runs are warmed before
 * others. If the fleet has a size, every slot that was left to its agent is decided, because agents
 * would keep it warm or cold by their own settings.
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

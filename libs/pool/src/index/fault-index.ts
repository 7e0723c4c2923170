import type { SlotState } from '#slot';
import type { SlotEntry } from '../slot-entry.js';
import type { SlotHead } from '../slot-head.js';

/** What of it is there for all to use. */
export type KnownFaults = Pick<FaultIndex, 'ofFleet'>;

/** Slots whose game did not start, or failed a check, since it last had a session. */
export class FaultIndex {
  private readonly entries = new Set<SlotEntry>();

  put(entry: SlotEntry): void {
    if (isFaulty(entry.head.state)) this.entries.add(entry);
    else this.entries.delete(entry);
  }

  /** Costs as much as there are such slots in the region. */
  ofFleet(fleet: string): readonly SlotHead[] {
    return [...this.entries]
      .map(({ head }) => head)
      .filter(({ state }) => state.context.offer?.fleet === fleet);
  }
}

function isFaulty({ value, context }: SlotState): boolean {
  return value !== 'retired' && (context.failedStarts !== null || context.failure !== null);
}

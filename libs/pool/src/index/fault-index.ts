import type { SlotState } from '#slot';
import type { SlotEntry } from '../slot-entry.js';
import type { SlotHead } from '../slot-head.js';

/** The part of `FaultIndex` that anyone may use. */
export type KnownFaults = Pick<FaultIndex, 'ofFleet'>;

/** Slots whose game has not started, or has failed a check, since its last session. */
export class FaultIndex {
  private readonly fleets = new Map<string, Set<SlotEntry>>();
  /** The fleet that each slot is listed under. */
  private readonly listed = new Map<SlotEntry, string>();

  put(entry: SlotEntry): void {
    const fleet = faultyIn(entry.head.state);
    const before = this.listed.get(entry);
    if (fleet === before) return;
    if (before !== undefined) this.delete(entry, before);
    if (fleet === undefined) return;
    this.listed.set(entry, fleet);
    this.fleets.set(fleet, (this.fleets.get(fleet) ?? new Set()).add(entry));
  }

  /** Up to `most` slots of a fleet, in no particular order. */
  ofFleet(fleet: string, most: number): readonly SlotHead[] {
    const found: SlotHead[] = [];
    for (const { head } of this.fleets.get(fleet) ?? []) {
      if (found.length === most) break;
      found.push(head);
    }
    return found;
  }

  private delete(entry: SlotEntry, fleet: string): void {
    this.listed.delete(entry);
    const entries = this.fleets.get(fleet);
    entries?.delete(entry);
    if (entries?.size === 0) this.fleets.delete(fleet);
  }
}

/** The slot's fleet, if something is wrong with its game. */
function faultyIn({ value, context }: SlotState): string | undefined {
  const isFaulty = context.failedStarts !== null || context.failure !== null;
  return isFaulty && value !== 'retired' ? context.offer?.fleet : undefined;
}

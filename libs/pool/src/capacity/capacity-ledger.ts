import { isAwaiting, statusOf } from '#slot';
import type { SlotEntry } from '../slot-entry.js';
import type { SlotHead } from '../slot-head.js';

/** A session that is not acknowledged yet. */
interface Claim {
  readonly fence: number;
  /** Of the claim, or of an event after it, if that is all that was read. */
  readonly sequence: number;
}

interface Sessions {
  readonly awaiting: Map<SlotEntry, Claim>;
  acknowledged: number;
}

/**
 * The sessions of each fleet in the order of the log, which is the same for every allocator. So all
 * that have read as far as a claim agree on whether it was one too many, or err to its disadvantage.
 */
export class CapacityLedger {
  private readonly fleets = new Map<string, Sessions>();
  private readSince = 0;

  /** From here on, the claims are read one by one; of those before, the order is not known. */
  readFrom(sequence: number): void {
    this.readSince = sequence;
  }

  /** Takes the slot's head; `before`: the head before. */
  put(entry: SlotEntry, before: SlotHead | undefined): void {
    const known = before === undefined ? undefined : this.delete(entry, before);
    const { state, sequence } = entry.head;
    const fleet = fleetOf(entry.head);
    if (fleet === undefined) return;
    let sessions = this.fleets.get(fleet);
    if (sessions === undefined) {
      this.fleets.set(fleet, (sessions = { awaiting: new Map(), acknowledged: 0 }));
    }
    const { fence } = state.context;
    const claim = known?.fence === fence ? known : { fence, sequence };
    if (isAwaiting(state)) sessions.awaiting.set(entry, claim);
    else sessions.acknowledged += 1;
  }

  /** Takes what the slot was before its head: it may tell when its session was claimed. */
  putEarlier(entry: SlotEntry, { sequence, state: { context } }: SlotHead): void {
    const awaiting = this.awaitingOf(entry);
    const known = awaiting?.get(entry);
    if (known?.fence !== context.fence || known.sequence <= sequence) return;
    awaiting?.set(entry, { fence: known.fence, sequence });
  }

  /** Sequence of the slot's claim, for as long as that is not acknowledged; or of one after it. */
  claimOf(entry: SlotEntry): number | undefined {
    return this.awaitingOf(entry)?.get(entry)?.sequence;
  }

  /** Whether `max` sessions of its fleet come before the slot's, which is not acknowledged yet. */
  isBeyond(entry: SlotEntry, max: number): boolean {
    const sessions = this.fleets.get(fleetOf(entry.head) ?? '');
    const own = sessions?.awaiting.get(entry);
    if (sessions === undefined || own === undefined) return false;
    let before = sessions.acknowledged;
    for (const [other, { sequence }] of sessions.awaiting) {
      const isInOrder = Math.min(sequence, own.sequence) > this.readSince;
      if (other !== entry && (sequence < own.sequence || !isInOrder)) before += 1;
    }
    return before >= max;
  }

  private awaitingOf({ head }: SlotEntry): Map<SlotEntry, Claim> | undefined {
    return this.fleets.get(fleetOf(head) ?? '')?.awaiting;
  }

  private delete(entry: SlotEntry, before: SlotHead): Claim | undefined {
    const fleet = fleetOf(before);
    const sessions = fleet === undefined ? undefined : this.fleets.get(fleet);
    if (fleet === undefined || sessions === undefined) return undefined;
    const known = sessions.awaiting.get(entry);
    if (!sessions.awaiting.delete(entry)) sessions.acknowledged -= 1;
    if (sessions.awaiting.size + sessions.acknowledged === 0) this.fleets.delete(fleet);
    return known;
  }
}

/** The fleet whose session the slot has; undefined: it has none. */
function fleetOf({ state }: SlotHead): string | undefined {
  return statusOf(state) === 'allocated' ? state.context.offer?.fleet : undefined;
}

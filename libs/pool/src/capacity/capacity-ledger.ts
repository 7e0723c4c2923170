import { isAwaiting, statusOf } from '#slot';
import type { SlotEntry } from '../slot-entry.js';
import type { SlotHead } from '../slot-head.js';

/** A session that is not acknowledged yet. */
interface Claim {
  readonly fence: number;
  /** Sequence of the claim, or of a later event if the claim itself was not read. */
  readonly sequence: number;
}

interface Sessions {
  readonly awaiting: Map<SlotEntry, Claim>;
  acknowledged: number;
}

/**
 * The sessions of each fleet, in the order of the log, which is the same for every allocator. So
 * all allocators that have read up to a claim agree on whether it is one too many; if they are not
 * sure, they count against the claim.
 */
export class CapacityLedger {
  private readonly fleets = new Map<string, Sessions>();
  private readSince = 0;

  /**
   * From this sequence on, claims are read one by one; the order of earlier claims is not known.
   */
  readFrom(sequence: number): void {
    this.readSince = sequence;
  }

  /** Takes the slot's new head; `before` is its previous head. */
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

  /** Takes an older state of the slot than its head: it may show when the session was claimed. */
  putEarlier(entry: SlotEntry, { sequence, state: { context } }: SlotHead): void {
    const awaiting = this.awaitingOf(entry);
    const known = awaiting?.get(entry);
    if (known?.fence !== context.fence || known.sequence <= sequence) return;
    awaiting?.set(entry, { fence: known.fence, sequence });
  }

  /** Sequence of the slot's claim while it is not acknowledged, or of an event after it. */
  claimOf(entry: SlotEntry): number | undefined {
    return this.awaitingOf(entry)?.get(entry)?.sequence;
  }

  /**
   * Whether `max` sessions of the fleet come before the slot's session, which is not acknowledged
   * yet.
   */
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

/** The fleet of the slot's session; undefined if the slot has no session. */
function fleetOf({ state }: SlotHead): string | undefined {
  return statusOf(state) === 'allocated' ? state.context.offer?.fleet : undefined;
}

import { isAwaiting, statusOf } from '#slot';
import type { Present } from './present.js';

/** A session that is not acknowledged yet. */
interface Claimed {
  readonly fence: number;
  /** Sequence of the claim, or of an event after it, if that is all that was read. */
  readonly claim: number;
}

interface Fleet {
  readonly awaiting: Map<string, Claimed>;
  acknowledged: number;
}

/**
 * The sessions of each fleet in the order of the log, which is the same for everybody. So all who
 * have read as far as a claim agree on whether it was one too many, or err to its disadvantage.
 */
export class Seats {
  private readonly fleets = new Map<string, Fleet>();
  private readonly fleetOf = new Map<string, string>();
  private readSince = 0;

  /** From here on, the claims are learned one by one; of those before, the order is not known. */
  readFrom(sequence: number): void {
    this.readSince = sequence;
  }

  /** Takes the present of a slot. */
  learn({ subject, sequence, state }: Present): void {
    const before = this.remove(subject);
    const { offer, fence } = state.context;
    if (statusOf(state) !== 'allocated' || offer === null) return;
    const fleet = this.fleets.get(offer.fleet) ?? { awaiting: new Map(), acknowledged: 0 };
    this.fleets.set(offer.fleet, fleet);
    this.fleetOf.set(subject, offer.fleet);
    const claim = before?.fence === fence ? before.claim : sequence;
    if (isAwaiting(state)) fleet.awaiting.set(subject, { fence, claim });
    else fleet.acknowledged += 1;
  }

  /** Takes what the slot was before: it may tell when its session was claimed. */
  learnEarlier({ subject, sequence, state: { context } }: Present): void {
    const awaiting = this.awaitingOf(subject);
    const known = awaiting?.get(subject);
    if (known?.fence !== context.fence || known.claim <= sequence) return;
    awaiting?.set(subject, { fence: known.fence, claim: sequence });
  }

  /** Sequence of the slot's claim, for as long as that is not acknowledged; or of one after it. */
  claimOf(subject: string): number | undefined {
    return this.awaitingOf(subject)?.get(subject)?.claim;
  }

  /** Whether `max` sessions of its fleet come before the slot's, which is not acknowledged yet. */
  isBeyond(subject: string, max: number): boolean {
    const fleet = this.fleets.get(this.fleetOf.get(subject) ?? '');
    const own = fleet?.awaiting.get(subject);
    if (fleet === undefined || own === undefined) return false;
    let before = fleet.acknowledged;
    for (const [other, { claim }] of fleet.awaiting) {
      const isInOrder = Math.min(claim, own.claim) > this.readSince;
      if (other !== subject && (claim < own.claim || !isInOrder)) before += 1;
    }
    return before >= max;
  }

  private awaitingOf(subject: string): Map<string, Claimed> | undefined {
    return this.fleets.get(this.fleetOf.get(subject) ?? '')?.awaiting;
  }

  private remove(subject: string): Claimed | undefined {
    const name = this.fleetOf.get(subject);
    const fleet = this.fleets.get(name ?? '');
    if (name === undefined || fleet === undefined) return undefined;
    const before = fleet.awaiting.get(subject);
    this.fleetOf.delete(subject);
    if (!fleet.awaiting.delete(subject)) fleet.acknowledged -= 1;
    if (fleet.awaiting.size + fleet.acknowledged === 0) this.fleets.delete(name);
    return before;
  }
}

import type { Chance } from '#kernel';
import { isOffered, isWarm, nextDeadline, type SlotState } from '#slot';
import { Allocations, type Ended } from './allocations.js';
import { Deadlines } from './deadlines.js';
import { Offers } from './offers.js';
import type { Wish } from './wish.js';

/** The present of one slot: its state, and the sequence the next append must expect. */
export interface Present {
  readonly subject: string;
  readonly sequence: number;
  readonly state: SlotState;
}

/**
 * An allocator's index of a region's slots: what is free, who holds what, what is due. Fed with
 * presents in any order and as often as one likes; the newest counts. Pure, in memory, and flat in
 * the size of the fleet.
 */
export class Pool {
  private readonly presents = new Map<string, Present>();
  private readonly quarantined = new Map<string, number>();
  private readonly held = new Set<string>();
  private readonly offers = new Offers();
  private readonly deadlines = new Deadlines();
  private readonly allocations = new Allocations();

  constructor(private readonly chance: Chance) {}

  /** Slots known, and how many of them could be given to a request now. */
  get counts(): { readonly slots: number; readonly free: number } {
    return { slots: this.presents.size, free: this.offers.size };
  }

  /** Takes a slot's present; says whether it was news. */
  apply(present: Present): boolean {
    const { subject, sequence, state } = present;
    if (sequence <= this.sequenceOf(subject)) return false;
    this.presents.set(subject, present);
    this.quarantined.delete(subject);
    this.allocations.learn(subject, state);
    this.deadlines.set(subject, nextDeadline(state)?.at ?? null);
    this.offer(present);
    return true;
  }

  /** A message nobody can read stands on the slot: it is not offered until a good one follows. */
  quarantine(subject: string, sequence: number): void {
    if (sequence <= this.sequenceOf(subject)) return;
    this.quarantined.set(subject, sequence);
    this.offers.delete(subject);
  }

  isQuarantined(subject: string): boolean {
    return this.quarantined.has(subject);
  }

  /** A state of the past, for what it tells of allocations that ended. */
  remember(subject: string, state: SlotState): void {
    this.allocations.remember(subject, state);
  }

  get(subject: string): Present | undefined {
    return this.presents.get(subject);
  }

  /** What the next append to the slot must expect as its last sequence. */
  sequenceOf(subject: string): number {
    return this.quarantined.get(subject) ?? this.presents.get(subject)?.sequence ?? 0;
  }

  /** Picks a free slot that fits, and keeps it from being picked again until it is let go. */
  hold(wish: Wish): Present | undefined {
    const subject = this.offers.best(wish, this.chance.fraction());
    if (subject === undefined) return undefined;
    this.held.add(subject);
    this.offers.delete(subject);
    return this.presents.get(subject);
  }

  letGo(subject: string): void {
    this.held.delete(subject);
    const present = this.presents.get(subject);
    if (present !== undefined && !this.quarantined.has(subject)) this.offer(present);
  }

  /** The slot that holds the allocation, or held it and is not cleared yet. */
  holderOf(allocationId: string): Present | undefined {
    const subject = this.allocations.holderOf(allocationId);
    return subject === undefined ? undefined : this.presents.get(subject);
  }

  failuresOf(allocationId: string): number {
    return this.allocations.failuresOf(allocationId);
  }

  endOf(allocationId: string): Ended | undefined {
    return this.allocations.endOf(allocationId);
  }

  /** The slots for which a deadline has passed. */
  due(now: number): Present[] {
    return this.deadlines.due(now).flatMap((subject) => this.presents.get(subject) ?? []);
  }

  private offer({ subject, state }: Present): void {
    const { offer } = state.context;
    if (offer === null || !isOffered(state) || this.held.has(subject)) {
      this.offers.delete(subject);
      return;
    }
    this.offers.add({ subject, machine: machineOf(subject), offer, warm: isWarm(state) });
  }
}

/** A machine's slots share all of their subject but the last token. */
function machineOf(subject: string): string {
  return subject.slice(0, subject.lastIndexOf('.'));
}

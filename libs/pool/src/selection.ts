import type { Random } from '#kernel';
import { isOffered, withheldUntil } from '#slot';
import type { FleetLimits } from './capacity/fleet-limits.js';
import type { FleetIndex } from './index/fleet-index.js';
import type { OfferIndex } from './index/offer-index.js';
import type { SlotTable } from './index/slot-table.js';
import type { SlotEntry } from './slot-entry.js';
import type { SlotHead } from './slot-head.js';
import { fits, type SlotRequirements } from './slot-requirements.js';

/** Is told when waiting requests may be given a slot. */
export interface PoolListener {
  /** A slot may have become free to be held. */
  offered(head: SlotHead): void;
  /**
   * A fleet is no longer at its maximum; `heads` are its free slots, one of each shape. Returns
   * whether one of them is now held; if so, it is called again.
   */
  reopened(heads: readonly SlotHead[]): boolean;
  /** A slot has this allocation, or had it and is not cleared yet. */
  allocated(allocationId: string): void;
}

interface SelectionDeps {
  readonly random: Random;
  readonly slots: SlotTable;
  readonly offers: OfferIndex;
  readonly fleets: FleetIndex;
  readonly limits: FleetLimits;
}

/** Decides which slots are offered to requests, and which one a request gets. */
export class Selection {
  listener: PoolListener | undefined;
  private readonly withheld = new Set<SlotEntry>();

  constructor(private readonly deps: SelectionDeps) {}

  /** Picks a free slot that fits, and keeps it from being picked again until it is released. */
  hold(requirements: SlotRequirements): SlotHead | undefined {
    const { offers, random, limits, slots } = this.deps;
    if (requirements.slot !== undefined) {
      const offer = slots.get(requirements.slot)?.state.context.offer;
      return offer && fits(requirements, offer) ? this.holdSlot(requirements.slot) : undefined;
    }
    const roomIn = (fleet: string) => limits.roomIn(fleet);
    return this.holdEntry(offers.best(requirements, random.fraction(), roomIn));
  }

  /** Holds this slot if it is free and its fleet may have one more session. */
  holdSlot(subject: string): SlotHead | undefined {
    return this.holdEntry(this.deps.slots.entry(subject));
  }

  /** Ends a hold. */
  release(subject: string): void {
    const entry = this.deps.slots.entry(subject);
    if (entry === undefined) return;
    entry.isHeld = false;
    this.refresh(entry);
  }

  /** Offers the slot, or stops offering it, according to its head, its agent and any hold. */
  refresh(entry: SlotEntry): void {
    const { slots, offers } = this.deps;
    const { head, isHeld, agent } = entry;
    if (slots.isQuarantined(head.subject)) return;
    const isWithheld = this.withhold(entry);
    const isFree = isOffered(head.state) && !isHeld && !agent.isCordoned && !isWithheld;
    if (isFree) offers.put(entry);
    else offers.delete(entry);
    this.count(entry);
    if (isFree) this.listener?.offered(head);
  }

  /** Offers slots once more if their pause after failed starts is over at `now` (epoch ms). */
  tryAgain(now: number): void {
    for (const entry of this.withheld) {
      const until = withheldUntil(entry.head.state);
      if (until > now) continue;
      entry.pauseOver = until;
      this.refresh(entry);
    }
  }

  /**
   * Number of free slots that fit but are withheld after failed starts, and when the first is
   * offered again (epoch ms).
   */
  withheldFor(requirements: SlotRequirements): { readonly slots: number; readonly until: number } {
    let [slots, until] = [0, Infinity];
    for (const { head } of this.withheld) {
      const { offer } = head.state.context;
      if (offer === null || !fits(requirements, offer)) continue;
      slots += 1;
      until = Math.min(until, withheldUntil(head.state));
    }
    return { slots, until };
  }

  /** Whether the slot is free but must not be offered now, because its games do not start. */
  private withhold(entry: SlotEntry): boolean {
    const { state } = entry.head;
    const until = withheldUntil(state);
    const isWithheld = until > 0 && entry.pauseOver !== until && isOffered(state);
    if (isWithheld) this.withheld.add(entry);
    else this.withheld.delete(entry);
    return isWithheld;
  }

  /** Stops offering the slot until it is refreshed. */
  withdraw(entry: SlotEntry): void {
    this.deps.offers.delete(entry);
  }

  /** Stops offering the slot, and counting it in its fleet, until it is refreshed. */
  remove(entry: SlotEntry): void {
    this.withheld.delete(entry);
    this.withdraw(entry);
    this.count(entry, (fleets) => fleets.delete(entry));
  }

  /**
   * Tells the listener of the fleet's free slots, for as long as it takes them and the fleet has
   * room.
   */
  reopen(fleet: string): void {
    const { offers, limits } = this.deps;
    const { listener } = this;
    if (listener === undefined) return;
    const free = () => offers.oneOfEach(fleet).map(({ head }) => head);
    while (!limits.isFull(fleet) && listener.reopened(free()));
  }

  private holdEntry(entry: SlotEntry | undefined): SlotHead | undefined {
    const { offers, limits } = this.deps;
    if (entry === undefined || !offers.has(entry)) return undefined;
    if (limits.isFull(entry.head.state.context.offer?.fleet ?? '')) return undefined;
    entry.isHeld = true;
    offers.delete(entry);
    this.count(entry);
    return entry.head;
  }

  private count(entry: SlotEntry, change = (fleets: FleetIndex) => fleets.put(entry)): void {
    const { fleets, limits } = this.deps;
    const before = entry.fleet?.fleet.name;
    const wasFull = before !== undefined && limits.isFull(before);
    change(fleets);
    if (wasFull) this.reopen(before);
  }
}

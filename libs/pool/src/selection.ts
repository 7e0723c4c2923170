import type { Random } from '#kernel';
import { isOffered, withheldUntil, type Grounds } from '#slot';
import type { FleetLimits } from './capacity/fleet-limits.js';
import type { FleetIndex } from './index/fleet-index.js';
import { excludedBy } from './exclusions.js';
import { groundsOf, onlyGrounds } from './grounds.js';
import { obstacleIn, type Obstacle } from './obstacle.js';
import type { ObstacleCounts, ObstacleTally, PassedOver } from './index/obstacle-counts.js';
import type { Best, OfferIndex } from './index/offer-index.js';
import { runningIn } from './index/rank.js';
import type { SlotTable } from './index/slot-table.js';
import type { SlotEntry } from './slot-entry.js';
import type { SlotHead } from './slot-head.js';
import { fits, requirementsKey, type SlotRequirements } from './slot-requirements.js';

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
  readonly obstacles: ObstacleCounts;
}

/** Why a request got no slot. */
export interface Shortage {
  readonly passedOver: PassedOver;
  /** Whether the numbers are lower bounds. */
  readonly isPartial: boolean;
  /** The conditions that no slot meets, if none fits at all; for people. */
  readonly excludedBy: readonly string[];
}

/** A slot that is held for a request, and why it was chosen. */
export interface Pick {
  readonly head: SlotHead;
  readonly grounds: Grounds;
}

/** Decides which slots are offered to requests, and which one a request gets. */
export class Selection {
  listener: PoolListener | undefined;
  private readonly withheld = new Set<SlotEntry>();

  constructor(private readonly deps: SelectionDeps) {}

  /** Picks a free slot that fits, and keeps it from being picked again until it is released. */
  hold(requirements: SlotRequirements): SlotHead | undefined {
    const { slot } = requirements;
    if (slot !== undefined) return this.fitsNamed(requirements) ? this.holdSlot(slot) : undefined;
    return this.holdEntry(this.best(requirements)?.entry);
  }

  /** Does the same as `hold`, and returns why this slot was chosen. */
  pick(requirements: SlotRequirements): Pick | undefined {
    const { slot } = requirements;
    if (slot !== undefined) {
      const head = this.hold(requirements);
      return head && { head, grounds: this.groundsOfOnly('named', head, requirements) };
    }
    const key = requirementsKey(requirements);
    const best = this.best(requirements, key);
    if (best === undefined) return undefined;
    // Counted before the slot is held, since holding it changes the counts.
    const grounds = groundsOf(best, requirements, this.tally(requirements, key));
    const head = this.holdEntry(best.entry);
    return head && { head, grounds };
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
    this.countObstacle(entry);
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
    this.countObstacle(entry);
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
    this.countObstacle(entry);
    this.count(entry);
    return entry.head;
  }

  /** Counts the slots that fit, by obstacle. */
  tally(requirements: SlotRequirements, key?: string): ObstacleTally {
    const { obstacles, limits } = this.deps;
    return obstacles.tally(requirements, (fleet) => limits.isFull(fleet), key);
  }

  /** Why a request that got no slot can get none. */
  shortage(requirements: SlotRequirements): Shortage {
    const { slots, obstacles } = this.deps;
    const { slot } = requirements;
    const entry = slot === undefined ? undefined : slots.entry(slot);
    if (entry !== undefined) {
      const isFit = this.fitsNamed(requirements);
      const { obstacle: found = 'none' } = entry.obstructed ?? {};
      const obstacle = found === 'held' ? 'taken' : found;
      const offers = entry.offerClass === undefined ? [] : [entry.offerClass.offered];
      return {
        passedOver: isFit && obstacle !== 'none' ? { [obstacle]: 1 } : {},
        isPartial: false,
        excludedBy: isFit ? [] : excludedBy(requirements, offers),
      };
    }
    const { passedOver, isPartial, classes } = this.tally(requirements);
    return {
      passedOver,
      isPartial,
      excludedBy: classes > 0 ? [] : obstacles.excludedBy(requirements),
    };
  }

  /** The grounds for a held slot that was named, or that became free for a request that waited. */
  groundsOfOnly(how: 'named' | 'freed', head: SlotHead, requirements: SlotRequirements): Grounds {
    const entry = this.deps.slots.entry(head.subject);
    if (entry?.offerClass === undefined) throw new TypeError(`${head.subject} offers nothing`);
    const ranked = { offerClass: entry.offerClass, ...runningIn(head.state) };
    const isNamed = how === 'named' || requirements.slot !== undefined;
    if (isNamed) return onlyGrounds('named', ranked, requirements);
    const { fitted, passedOver, held } = this.tally(requirements);
    // The slot itself is counted as held already.
    const taken = (passedOver.taken ?? 0) - 1;
    const { taken: _, ...others } = passedOver;
    return onlyGrounds(how, ranked, requirements, {
      fitted: fitted + 1,
      passedOver: taken > 0 ? { ...others, taken } : others,
      held: held - 1,
    });
  }

  private best(requirements: SlotRequirements, key?: string): Best | undefined {
    const { offers, random, limits } = this.deps;
    return offers.best(requirements, random.fraction(), (fleet) => limits.roomIn(fleet), key);
  }

  private fitsNamed(requirements: SlotRequirements): boolean {
    const offer = this.deps.slots.get(requirements.slot ?? '')?.state.context.offer;
    return offer != null && fits(requirements, offer);
  }

  private countObstacle(entry: SlotEntry): void {
    this.deps.obstacles.put(entry, this.obstacleOf(entry));
  }

  private obstacleOf(entry: SlotEntry): Obstacle | null {
    const { head, agent, isHeld } = entry;
    if (this.deps.slots.isQuarantined(head.subject)) return 'unreadable';
    const { isCordoned } = agent;
    return obstacleIn(head.state, { isCordoned, isHeld, isWithheld: this.withheld.has(entry) });
  }

  private count(entry: SlotEntry, change = (fleets: FleetIndex) => fleets.put(entry)): void {
    const { fleets, limits } = this.deps;
    const before = entry.fleet?.fleet.name;
    const wasFull = before !== undefined && limits.isFull(before);
    change(fleets);
    if (wasFull) this.reopen(before);
  }
}

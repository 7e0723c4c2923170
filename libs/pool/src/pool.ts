import type { Random } from '#kernel';
import { allocationOf, type Grounds } from '#slot';
import { CapacityLedger } from './capacity/capacity-ledger.js';
import { FleetCapacity } from './capacity/fleet-capacity.js';
import { FleetLimits } from './capacity/fleet-limits.js';
import { AgentIndex, type KnownAgents } from './index/agent-index.js';
import { AllocationIndex, type KnownAllocations } from './index/allocation-index.js';
import { DeadlineIndex } from './index/deadline-index.js';
import { FaultIndex, type KnownFaults } from './index/fault-index.js';
import { FleetIndex, type KnownFleets } from './index/fleet-index.js';
import { ObstacleCounts } from './index/obstacle-counts.js';
import { OfferClasses } from './index/offer-classes.js';
import { OfferIndex } from './index/offer-index.js';
import { RolloutIndex, type KnownRollouts } from './index/rollout-index.js';
import { SlotTable, type KnownSlots } from './index/slot-table.js';
import { Selection, type Pick, type PoolListener, type Shortage } from './selection.js';
import { SlotEntry } from './slot-entry.js';
import type { SlotHead } from './slot-head.js';
import type { SlotRequirements } from './slot-requirements.js';
import { sharedState } from './structural-sharing.js';

/** Default number of ended and of failed ids that are remembered; about 350 bytes each. */
const REMEMBERED_MAX = 1_000_000;

export interface PoolDeps {
  readonly random: Random;
  /** The name of a slot's agent, by the slot's subject. */
  readonly agentOf: (subject: string) => string;
  /** How much of the log is known; missing: it is not said in the grounds of choices. */
  readonly known?: () => KnownLog;
}

/** Up to which sequences a log is known; 0: not at all. */
export interface KnownLog {
  /** Of the last event that was read. */
  readonly readTo: number;
  /** Of the last event that this process wrote. */
  readonly ownTo: number;
}

export interface PoolOptions {
  /**
   * Greatest number of ended ids, and of ids with failures, that are kept: the earliest are dropped
   * first.
   */
  readonly rememberedMax?: number;
}

/**
 * An allocator's view of a region's slots: which are free, which allocation each holds, which
 * deadlines are due. It accepts heads in any order, also repeatedly; the newest counts. Pure, in
 * memory; frequent operations cost the same however many slots there are.
 */
export class Pool {
  private readonly slotTable = new SlotTable();
  private readonly classes = new OfferClasses();
  private readonly offers = new OfferIndex(this.classes);
  private readonly obstacles = new ObstacleCounts(this.classes);
  private readonly fleetIndex = new FleetIndex();
  private readonly rolloutIndex = new RolloutIndex();
  private readonly deadlines = new DeadlineIndex();
  private readonly faultIndex = new FaultIndex();
  private readonly ledger = new CapacityLedger();
  private readonly allocationIndex: AllocationIndex;
  private readonly agentIndex: AgentIndex;
  private readonly selection: Selection;
  private readonly known: PoolDeps['known'];

  readonly slots: KnownSlots;
  readonly agents: KnownAgents;
  readonly fleets: KnownFleets;
  readonly rollouts: KnownRollouts;
  readonly faults: KnownFaults;
  readonly allocations: KnownAllocations;
  readonly capacity: FleetCapacity;

  constructor({ random, agentOf, known }: PoolDeps, options: PoolOptions = {}) {
    this.known = known;
    const { slotTable: slots, offers, fleetIndex: fleets, ledger } = this;
    const limits = new FleetLimits(fleets);
    const { obstacles } = this;
    this.selection = new Selection({ random, slots, offers, fleets, limits, obstacles });
    this.allocationIndex = new AllocationIndex(options.rememberedMax ?? REMEMBERED_MAX);
    this.agentIndex = new AgentIndex(agentOf, this.selection);

    this.slots = slots;
    this.agents = this.agentIndex;
    this.fleets = fleets;
    this.rollouts = this.rolloutIndex;
    this.faults = this.faultIndex;
    this.allocations = this.allocationIndex;
    this.capacity = new FleetCapacity(slots, offers, limits, ledger, this.selection);
  }

  /** Sets the one listener, which is told when waiting requests may be given a slot. */
  listen(listener: PoolListener): void {
    this.selection.listener = listener;
  }

  /** Number of known slots, and of those that could be given to a request now. */
  get counts(): { readonly slots: number; readonly free: number } {
    return { slots: this.slots.size, free: this.offers.size };
  }

  /** Takes a slot's head; returns whether it was new. */
  apply(head: SlotHead): boolean {
    const { subject, sequence, state } = head;
    const entry = this.slotTable.entry(subject);
    if (sequence > this.slotTable.sequenceOf(subject, entry)) {
      this.advance(head, entry);
      return true;
    }
    // A head may be read before the events that lead to it; what those show is still of use.
    this.allocations.remember(subject, state);
    if (entry !== undefined) this.ledger.putEarlier(entry, head);
    return false;
  }

  /**
   * The slot's last event is unreadable: the slot is not offered until a readable event follows.
   */
  quarantine(subject: string, sequence: number): void {
    if (sequence <= this.slots.sequenceOf(subject)) return;
    this.slotTable.quarantine(subject, sequence);
    const entry = this.slotTable.entry(subject);
    if (entry === undefined) return;
    this.selection.remove(entry);
    this.rolloutIndex.delete(entry);
  }

  /** The log has forgotten the slot; its retirement may or may not have been read here. */
  forget(subject: string): void {
    const entry = this.slotTable.entry(subject);
    if (entry !== undefined && entry.head.state.value !== 'retired') {
      const { sequence, at, state } = entry.head;
      const retired = { ...state, value: 'retired' } as const;
      this.advance({ subject, sequence: sequence + 1, at, state: retired }, entry);
    }
    if (entry !== undefined) {
      this.obstacles.put(entry, null);
      this.offers.forget(entry);
    }
    this.slotTable.delete(subject);
  }

  /** Picks a free slot that fits, and keeps it from being picked again until it is released. */
  hold(requirements: SlotRequirements): SlotHead | undefined {
    return this.selection.hold(requirements);
  }

  /** Does the same as `hold`, and returns why this slot was chosen. */
  pick(requirements: SlotRequirements): Pick | undefined {
    const pick = this.selection.pick(requirements);
    return pick && { ...pick, grounds: this.knowing(pick.grounds) };
  }

  /** Why a request that got no slot can get none. */
  shortage(requirements: SlotRequirements): Shortage {
    return this.selection.shortage(requirements);
  }

  /** The grounds for giving a held slot to a request that waited for it. */
  groundsOfFreed(head: SlotHead, requirements: SlotRequirements): Grounds {
    return this.knowing(this.selection.groundsOfOnly('freed', head, requirements));
  }

  /** Holds this slot if it is free and its fleet may have one more session. */
  holdSlot(subject: string): SlotHead | undefined {
    return this.selection.holdSlot(subject);
  }

  /** Ends a hold: the slot may be picked again if it is still free. */
  release(subject: string): void {
    this.selection.release(subject);
  }

  /** Offers slots once more if their pause after failed starts is over at `now` (epoch ms). */
  tryAgain(now: number): void {
    this.selection.tryAgain(now);
  }

  /**
   * Number of free slots that fit but are withheld after failed starts, and when the first is
   * offered again (epoch ms).
   */
  withheldFor(requirements: SlotRequirements): { readonly slots: number; readonly until: number } {
    return this.selection.withheldFor(requirements);
  }

  /** The slots with a deadline that has passed at `now` (epoch ms). */
  due(now: number): readonly SlotHead[] {
    return this.deadlines.due(now);
  }

  /** Says how much of the log was known; of a slot that was named that does not matter. */
  private knowing(grounds: Grounds): Grounds {
    if (this.known === undefined || grounds.how === 'named') return grounds;
    const { readTo, ownTo } = this.known();
    return { ...grounds, readTo, ...(ownTo > readTo && { ownTo }) };
  }

  private advance(head: SlotHead, known: SlotEntry | undefined): void {
    const { subject, sequence, at, state } = head;
    const before = known?.head;
    const entry = known ?? new SlotEntry(this.agentIndex.entryFor(subject), head);
    const like = before ?? entry.agent.slots.items[0]?.head;
    entry.head = {
      subject: before?.subject ?? subject,
      sequence,
      at,
      state: sharedState(state, like?.state),
    };
    this.slotTable.put(entry, before);
    this.allocationIndex.put(entry, before);
    this.agentIndex.put(entry, before);
    this.ledger.put(entry, before);
    this.rolloutIndex.put(entry);
    this.faultIndex.put(entry);
    this.deadlines.put(entry, before);
    this.selection.refresh(entry);
    const allocation = allocationOf(state);
    if (allocation !== null) this.selection.listener?.allocated(allocation.id);
  }
}

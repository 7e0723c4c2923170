import type { OfferIndex } from '../index/offer-index.js';
import type { SlotTable } from '../index/slot-table.js';
import type { Selection } from '../selection.js';
import type { SlotEntry } from '../slot-entry.js';
import type { SlotRequirements } from '../slot-requirements.js';
import type { CapacityLedger } from './capacity-ledger.js';
import type { FleetLimits } from './fleet-limits.js';

/** The maximum of each fleet: which fleets refuse requests, and which claims exceed the maximum. */
export class FleetCapacity {
  constructor(
    private readonly slots: SlotTable,
    private readonly offers: OfferIndex,
    private readonly limits: FleetLimits,
    private readonly ledger: CapacityLedger,
    private readonly selection: Selection,
  ) {}

  /** Sets the maximum number of the fleet's sessions; null: no limit but the number of slots. */
  limit(fleet: string, max: number | null): void {
    const wasFull = this.limits.isFull(fleet);
    this.limits.set(fleet, max);
    if (wasFull) this.selection.reopen(fleet);
  }

  /** From this sequence on, the log is followed event by event, so the order of claims is known. */
  followFrom(sequence: number): void {
    this.ledger.readFrom(sequence);
  }

  /** The full fleet that keeps the request from being granted, and its maximum. */
  fullFor(
    requirements: SlotRequirements,
  ): { readonly fleet: string; readonly max: number } | undefined {
    const { fleet: named, project } = requirements;
    // Of a fleet that has no slot of the project, the project is not told whether it is full.
    const isAsked = named !== undefined && project === undefined;
    const fleets = isAsked ? [named] : this.offers.fleetsFor(requirements);
    const fleet = fleets.find((name) => this.limits.isFull(name));
    const max = fleet === undefined ? undefined : this.limits.maxOf(fleet);
    return fleet === undefined || max === undefined ? undefined : { fleet, max };
  }

  /**
   * The sequence of the slot's claim, or of an event after it, if the slot's fleet has a maximum
   * and the session is not acknowledged yet.
   */
  claimOf(subject: string): number | undefined {
    const entry = this.slots.entry(subject);
    if (entry === undefined || this.maxFor(entry) === undefined) return undefined;
    return this.ledger.claimOf(entry);
  }

  /**
   * Whether the slot's session, which is not acknowledged yet, is one too many for its fleet. Only
   * an allocator that has read the log up to this claim may ask.
   */
  isBeyondMax(subject: string): boolean {
    const entry = this.slots.entry(subject);
    const max = entry && this.maxFor(entry);
    return entry !== undefined && max !== undefined && this.ledger.isBeyond(entry, max);
  }

  private maxFor({ head }: SlotEntry): number | undefined {
    const fleet = head.state.context.offer?.fleet;
    return fleet === undefined ? undefined : this.limits.maxOf(fleet);
  }
}

import type { Cancel, Chance, Clock } from '#kernel';
import type { Pool } from '#pool';
import { eachBounded } from '../bounded.js';
import type { Freshness } from '../follower.js';
import type { SlotWriter } from '../slot-writer.js';
import type { FleetSizes } from './fleet-sizes.js';
import { changesFor, type Change } from './plan.js';

/** How often each fleet is looked at, on average: allocators are to look at different instants. */
const TICK_MS = 1_000;

/** Slots of one fleet that are changed at one look; the others at the next ones. */
const CHANGES_MAX = 128;

/** Slots that are written at the same time. */
const WRITES_MAX = 8;

/** Time for one slot's change to be recorded; it is looked at again anyway. */
const RECORD_WITHIN_MS = 5_000;

/**
 * A session that ends leaves one warm slot too many until the next one begins, so a surplus is
 * cooled only when it has lasted. What is above the maximum is not kept so long.
 */
export const SURPLUS_MS = 10_000;

/**
 * Keeps as many free slots warm as their fleets' sizes say. Every allocator does: what it records
 * is an intention for one slot, and compare-and-set lets one through. Never touches a slot that has
 * a session.
 */
export class Warmth {
  private readonly surplusSince = new Map<string, number>();
  private isKeeping = false;
  private cancel: Cancel = () => undefined;

  constructor(
    private readonly ports: { readonly clock: Clock; readonly chance: Chance },
    private readonly pool: Pool,
    private readonly writer: SlotWriter,
    private readonly freshness: Freshness,
    private readonly sizes: FleetSizes,
  ) {}

  start(): void {
    const delayMs = TICK_MS * (0.5 + this.ports.chance.fraction());
    this.cancel = this.ports.clock.after(delayMs, () => {
      void this.keepAll();
      this.start();
    });
  }

  stop(): void {
    this.cancel();
  }

  private async keepAll(): Promise<void> {
    if (this.isKeeping || this.freshness.staleBecause() !== null) return;
    this.isKeeping = true;
    try {
      for (const fleet of [...this.pool.fleetNames]) await this.keep(fleet);
    } finally {
      this.isKeeping = false;
    }
  }

  private async keep(fleet: string): Promise<void> {
    const changes = changesFor(this.sizes.of(fleet).size, this.pool.fleetCounts(fleet));
    const due = changes.filter((change) => !this.isToWait(fleet, change));
    if (!changes.some(isOfSurplus)) this.surplusSince.delete(fleet);
    let left = CHANGES_MAX;
    const chosen = due.flatMap(({ standing, most, warmth }) => {
      // Warm ones gather on machines in use, so that whole machines fall idle.
      const first = warmth === true || standing === 'cold' ? 'few' : 'many';
      const subjects = this.pool.standing(fleet, standing, Math.min(most, left), first);
      left -= subjects.length;
      return subjects.map((subject) => ({ subject, warmth }));
    });
    await eachBounded(chosen, WRITES_MAX, ({ subject, warmth }) => {
      const at = this.ports.clock.now();
      const command = { type: 'SetWarmth', at, warmth } as const;
      return this.writer.record(subject, command, at + RECORD_WITHIN_MS);
    });
  }

  private isToWait(fleet: string, change: Change): boolean {
    if (!isOfSurplus(change)) return false;
    const now = this.ports.clock.now();
    const since = this.surplusSince.get(fleet) ?? now;
    this.surplusSince.set(fleet, since);
    const { taken, warm } = this.pool.fleetCounts(fleet);
    const isAboveMax = taken + warm > (this.sizes.of(fleet).size?.max ?? Infinity);
    return !isAboveMax && now - since < SURPLUS_MS;
  }
}

function isOfSurplus({ standing, warmth }: Change): boolean {
  return standing === 'warm' && warmth === false;
}

import type { Cancel, Random, Clock } from '#kernel';
import type { Pool, SlotHead } from '#pool';
import { eachBounded } from '../bounded.js';
import type { Freshness } from '../log/pool-feeder.js';
import type { SlotWriter } from '../log/slot-writer.js';
import type { FleetSettings } from './fleet-settings.js';
import { changesFor, type Change } from './warm-pool-plan.js';

/**
 * How often each fleet is checked, on average (ms): allocators should do it at different instants.
 */
const TICK_MS = 1_000;

/**
 * Number of slots of one fleet that are changed at one check; the rest follows at the next ones.
 */
const CHANGES_MAX = 128;

/** Number of slots that are written at the same time. */
const WRITES_MAX = 8;

/** Time for one slot's change to be recorded (ms); the next check tries again. */
const RECORD_WITHIN_MS = 5_000;

/**
 * A surplus of warm slots is cooled only after this long (ms), since each session that ends leaves
 * one slot too many until the next begins. A surplus above the maximum is cooled at once.
 */
export const SURPLUS_MS = 10_000;

interface WarmPoolDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly pool: Pool;
  readonly writer: SlotWriter;
  readonly freshness: Freshness;
}

/**
 * Keeps as many free slots warm as their fleets' sizes say. Every allocator does this: what it
 * records is an intention for one slot, and compare-and-set lets one of them through. Never changes
 * a slot that has a session.
 */
export class WarmPool {
  private readonly surplusSince = new Map<string, number>();
  private isKeeping = false;
  private cancel: Cancel = () => undefined;

  constructor(
    private readonly deps: WarmPoolDeps,
    private readonly fleets: FleetSettings,
  ) {}

  start(): void {
    const delayMs = TICK_MS * (0.5 + this.deps.random.fraction());
    this.cancel = this.deps.clock.after(delayMs, () => {
      void this.keepAll();
      this.start();
    });
  }

  stop(): void {
    this.cancel();
  }

  private async keepAll(): Promise<void> {
    if (this.isKeeping || this.deps.freshness.staleBecause() !== null) return;
    this.isKeeping = true;
    try {
      for (const fleet of [...this.deps.pool.fleets.names]) await this.keep(fleet);
    } finally {
      this.isKeeping = false;
    }
  }

  private async keep(fleet: string): Promise<void> {
    const changes = changesFor(
      this.fleets.of(fleet).state.size,
      this.deps.pool.fleets.countsOf(fleet),
    );
    const due = changes.filter((change) => !this.isToWait(fleet, change));
    if (!changes.some(isOfSurplus)) this.surplusSince.delete(fleet);
    let left = CHANGES_MAX;
    const chosen = due.flatMap(({ from, most, warmth }) => {
      // Warm slots gather on machines in use, so that whole machines become idle.
      const first = warmth === true || from === 'desiredCold' ? 'fullest' : 'emptiest';
      const some = (count: number) => this.deps.pool.fleets.slotsOf(fleet, from, count, first);
      const heads = this.unheld(some, Math.min(most, left), warmth);
      left -= heads.length;
      return heads.map(({ subject }) => ({ subject, warmth }));
    });
    await eachBounded(chosen, WRITES_MAX, ({ subject, warmth }) => {
      const until = this.deps.clock.now() + RECORD_WITHIN_MS;
      return this.deps.writer.record(subject, { type: 'SetWarmth', warmth }, until);
    });
  }

  /** Leaves out slots whose games ask not to be stopped, unless they are to be warmed. */
  private unheld(
    some: (count: number) => readonly SlotHead[],
    most: number,
    warmth: boolean | null,
  ): readonly SlotHead[] {
    const now = this.deps.clock.now();
    const isHeld = ({ state }: SlotHead) => (state.context.heldUntil ?? 0) > now;
    for (let count = most; ; count *= 2) {
      const found = some(count);
      const free = warmth === true ? found : found.filter((head) => !isHeld(head));
      if (free.length >= most || found.length < count) return free.slice(0, most);
    }
  }

  private isToWait(fleet: string, change: Change): boolean {
    if (!isOfSurplus(change)) return false;
    const now = this.deps.clock.now();
    const since = this.surplusSince.get(fleet) ?? now;
    this.surplusSince.set(fleet, since);
    const { taken, desiredWarm } = this.deps.pool.fleets.countsOf(fleet);
    const isAboveMax = taken + desiredWarm > (this.fleets.of(fleet).state.size?.max ?? Infinity);
    return !isAboveMax && now - since < SURPLUS_MS;
  }
}

function isOfSurplus({ from, warmth }: Change): boolean {
  return from === 'desiredWarm' && warmth === false;
}

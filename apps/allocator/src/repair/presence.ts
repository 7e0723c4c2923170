import type { Bus, Cancel, Random, Clock, Subscription } from '#kernel';
import type { Pool } from '#pool';
import { hear } from '#rpc';
import type { Logger } from '#service-runtime';
import { endpoints } from '#wire';
import { eachBounded } from '../bounded.js';
import type { Freshness } from '../log/pool-feeder.js';
import type { SlotWriter } from '../log/slot-writer.js';

/**
 * The slots of an agent that was not heard for this long (ms) are not offered by this allocator.
 */
export const ABSENT_AFTER_MS = 5_000;

/** After this long without a beat (ms), the agent is recorded as lost. */
export const LOST_AFTER_MS = 15_000;

/**
 * Each allocator waits up to this much longer (ms), at random, so that usually only one of them
 * writes.
 */
const SPREAD_MS = 2_000;

const TICK_MS = 250;

/** More time than this between two looks (ms) means that this process was held up. */
const HELD_UP_MS = 1_000;

/** Number of slots of one lost agent that are written at the same time. */
const WRITES_MAX = 8;

/** Time for one slot's loss to be recorded (ms); the next look tries again. */
const RECORD_WITHIN_MS = 5_000;

/** What the beats of one agent show. Instants are by this machine's clock (epoch ms). */
interface Sign {
  /** 0 if it has not been heard yet. */
  incarnation: number;
  /** When the agent was last heard, or became known here. */
  heardAt: number;
}

export interface PresenceDeps {
  readonly bus: Bus;
  /** This machine's own clock: it times beats where they are heard. */
  readonly clock: Clock;
  /** The log's clock: it dates what is recorded. */
  readonly logClock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/**
 * Listens for the agents' beats. The slots of a silent agent are not offered; if it stays silent,
 * its slots are marked as lost in the log. If this allocator itself was cut off, it could not hear
 * anything, so the silence says nothing, and all agents get their full time again.
 */
export class Presence {
  private readonly signs = new Map<string, Sign>();
  /**
   * After how much silence each agent's loss is recorded (ms): `LOST_AFTER_MS` and a random share
   * of 2 s.
   */
  private readonly tellAfterMs = new Map<string, number>();
  private readonly telling = new Set<string>();
  private listeningSince = 0;
  private lookedAt = 0;
  private listening: Subscription | undefined;
  private cancel: Cancel = () => undefined;

  constructor(
    private readonly region: string,
    private readonly deps: PresenceDeps,
    private readonly pool: Pool,
    private readonly writer: SlotWriter,
    private readonly freshness: Freshness,
  ) {}

  start(): void {
    this.listeningSince = this.lookedAt = this.deps.clock.now();
    const { bus, clock, logger } = this.deps;
    this.listening = hear(
      bus,
      endpoints.beat,
      { region: this.region },
      ({ incarnation }, { agent }) => this.hear(agent, incarnation),
      { clock, logger },
    );
    this.cancel = this.deps.clock.every(TICK_MS, () => this.look());
  }

  stop(): void {
    this.cancel();
    this.listening?.close();
  }

  private hear(agent: string, incarnation: number): void {
    const sign = this.signs.get(agent);
    const latest = Math.max(sign?.incarnation ?? 0, this.pool.agents.incarnationOf(agent));
    if (incarnation < latest) return;
    this.signs.set(agent, { incarnation, heardAt: this.deps.clock.now() });
    this.tellAfterMs.delete(agent);
    this.pool.agents.uncordon(agent);
  }

  private look(): void {
    const now = this.deps.clock.now();
    const passedMs = now - this.lookedAt;
    this.lookedAt = now;
    const heldUp = passedMs < 0 || passedMs > HELD_UP_MS;
    if (heldUp || this.freshness.staleBecause() !== null) return this.listenAnew(now);
    for (const agent of this.pool.agents.names) {
      const silentMs = now - Math.max(this.listeningSince, this.signOf(agent, now).heardAt);
      if (silentMs <= ABSENT_AFTER_MS) continue;
      this.pool.agents.cordon(agent);
      if (silentMs > this.tellAfterOf(agent)) this.tell(agent);
    }
    this.forget();
  }

  /** An agent that has just registered cannot have been heard before: its time begins now. */
  private signOf(agent: string, now: number): Sign {
    const known = this.signs.get(agent);
    if (known !== undefined) return known;
    const sign = { incarnation: 0, heardAt: now };
    this.signs.set(agent, sign);
    return sign;
  }

  /**
   * Beats may have been sent while this allocator could not hear. Agents cordoned before stay
   * cordoned.
   */
  private listenAnew(now: number): void {
    this.listeningSince = now;
    this.tellAfterMs.clear();
    for (const sign of this.signs.values()) sign.heardAt = Math.min(sign.heardAt, now);
  }

  private tellAfterOf(agent: string): number {
    const known = this.tellAfterMs.get(agent);
    if (known !== undefined) return known;
    const drawn = LOST_AFTER_MS + this.deps.random.fraction() * SPREAD_MS;
    this.tellAfterMs.set(agent, drawn);
    return drawn;
  }

  /**
   * Records the loss on every slot that does not show it yet; stops early if the agent is heard.
   */
  private tell(agent: string): void {
    if (this.telling.has(agent)) return;
    const unmarked = this.pool.agents
      .slotsOf(agent)
      .filter(({ state }) => !state.context.agentLost);
    if (unmarked.length === 0) return;
    this.telling.add(agent);
    this.deps.logger.warn({ agent, slots: unmarked.length }, 'an agent is lost');
    // An agent that reports but is not heard returns at once; wait again, so that it is not lost in
    // a loop.
    this.tellAfterMs.set(agent, (this.tellAfterMs.get(agent) ?? 0) + LOST_AFTER_MS);
    void eachBounded(unmarked, WRITES_MAX, async ({ subject }) => {
      // The agent was heard in the meantime, or this allocator may have missed its beats.
      if (!this.tellAfterMs.has(agent)) return;
      const until = this.deps.logClock.now() + RECORD_WITHIN_MS;
      await this.writer.record(subject, { type: 'LoseAgent' }, until);
    }).finally(() => this.telling.delete(agent));
  }

  /** An agent that has lost its last slot counts as new when it registers again. */
  private forget(): void {
    for (const agent of this.signs.keys()) {
      if (!this.pool.agents.has(agent)) this.signs.delete(agent);
    }
  }
}

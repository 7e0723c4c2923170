import type { Cancel, Clock } from '#kernel';
import type { Pool, SlotHead } from '#pool';
import { allocationOf } from '#slot';
import type { SlotWriter } from '../log/slot-writer.js';

/** How often the pool is asked for passed deadlines (ms). */
const TICK_MS = 100;

/**
 * How much earlier the allocator that made the claim acts (ms); the others act only if it is gone.
 */
const HEAD_START_MS = 500;

/** Time for one expiry to be recorded (ms); the next tick tries again. */
const RECORD_WITHIN_MS = 5_000;

/**
 * Turns passed deadlines into events. Deadlines are values in the log, so every allocator sees the
 * same ones, and compare-and-set lets exactly one of them record each.
 */
export class DeadlineScheduler {
  private readonly ringing = new Set<string>();
  private cancel: Cancel = () => undefined;

  constructor(
    private readonly allocator: string,
    private readonly clock: Clock,
    private readonly pool: Pool,
    private readonly writer: SlotWriter,
  ) {}

  start(): void {
    this.cancel = this.clock.every(TICK_MS, () => this.tick());
  }

  stop(): void {
    this.cancel();
  }

  private tick(): void {
    const now = this.clock.now();
    this.pool.tryAgain(now);
    const others = this.pool.due(now - HEAD_START_MS);
    const mine = this.pool
      .due(now)
      .filter(({ state }) => allocationOf(state)?.allocator === this.allocator);
    for (const present of [...mine, ...others]) this.ring(present, now);
  }

  private ring({ subject }: SlotHead, now: number): void {
    if (this.ringing.has(subject)) return;
    this.ringing.add(subject);
    void this.writer
      .record(subject, { type: 'Expire' }, now + RECORD_WITHIN_MS)
      .finally(() => this.ringing.delete(subject));
  }
}

import type { Clock } from '#kernel';
import { CHECKS, exitInWords, type CheckFailure, type ProcessExit } from '#slot';
import { backoffMs, HEALTHY_MS } from './backoff.js';

/** After this many early ends in a row, the game is reported as one that cannot be started. */
const FAILURES_TOLD = 3;

/**
 * How often in a row a slot's game has failed, and when it may be started again. Instants: epoch
 * ms.
 */
export class StartFailures {
  /** Earliest time for the start of a process that no request waits for. */
  startAt = 0;
  /** Why there is no process; null while the failures may be chance. */
  failure: CheckFailure | null = null;
  private inARow = 0;

  constructor(private readonly clock: Clock) {}

  /**
   * To be called when the game could not be started at all. Returns whether the reason is another one
   * than the last time, and is to be logged.
   */
  notStarted(reason: string): boolean {
    const isNew = this.failure?.reason !== reason;
    this.add();
    this.tell(reason);
    return isNew;
  }

  /** To be called when the game has ended although nobody asked it to. */
  endedEarly(exit: ProcessExit | null, livedMs: number): void {
    if (livedMs >= HEALTHY_MS) this.reset();
    this.add();
    if (this.inARow < FAILURES_TOLD) return;
    this.tell(`the game ends by itself after each start: the last one ${exitInWords(exit)}`);
  }

  /** To be called when the failures so far say nothing about the next start. */
  reset(): void {
    this.inARow = 0;
    this.startAt = 0;
    this.failure = null;
  }

  private add(): void {
    this.inARow += 1;
    this.startAt = this.clock.now() + backoffMs(this.inARow);
  }

  /** The same reason is the same failure: it is reported once. */
  private tell(reason: string): void {
    if (this.failure?.reason === reason) return;
    this.failure = { check: CHECKS.start, reason, failedAt: this.clock.now() };
  }
}

import type { Clock } from '#kernel';
import { CHECKS, type CheckFailure, type ProcessExit } from '#slot';
import { backoffMs, HEALTHY_MS } from './backoff.js';

/** Games that end soon after their start, in a row, are reported as one that cannot be started. */
const FAILURES_TOLD = 3;

/** How often in a row a slot's game has failed, and what follows from that. Instants: epoch ms. */
export class StartFailures {
  /** No process that nobody waits for is started before this. */
  startAt = 0;
  /** Why there is no process; null as long as that may be chance. */
  failure: CheckFailure | null = null;
  private inARow = 0;

  constructor(private readonly clock: Clock) {}

  /** That it could not be started at all. */
  notStarted(reason: string): void {
    this.add();
    this.tell(reason);
  }

  /** That it has ended although nobody asked it to. */
  endedEarly(exit: ProcessExit | null, livedMs: number): void {
    if (livedMs >= HEALTHY_MS) this.reset();
    this.add();
    if (this.inARow < FAILURES_TOLD) return;
    const how = exit?.signal ?? `exit code ${exit?.exitCode ?? 'unknown'}`;
    this.tell(`the game ends by itself after each start, the last time with ${how}`);
  }

  /** What comes next has not failed yet. */
  reset(): void {
    this.inARow = 0;
    this.startAt = 0;
    this.failure = null;
  }

  private add(): void {
    this.inARow += 1;
    this.startAt = this.clock.now() + backoffMs(this.inARow);
  }

  /** The same reason is the same failure: the log need not hear of each. */
  private tell(reason: string): void {
    if (this.failure?.reason === reason) return;
    this.failure = { check: CHECKS.start, reason, failedAt: this.clock.now() };
  }
}

import type { Clock } from '#kernel';
import type { SlotState } from '#slot';

/** A claim that cannot be served is refused so long before its time is over (ms). */
const REFUSE_AHEAD_MS = 500;

/**
 * By when the callback of the claim seen last has to be answered. Its time is counted from when it
 * was seen: the clock that set the deadline is another machine's. An answer that is late by that
 * clock loses against the log's verdict.
 */
export class ClaimTime {
  /** Epoch ms, by this machine's clock. */
  until = Infinity;
  private fence = 0;
  private limitMs = 0;

  constructor(private readonly clock: Clock) {}

  see({ context: { fence, allocation } }: SlotState): void {
    if (allocation === null || fence === this.fence) return;
    this.fence = fence;
    this.limitMs = Math.max(0, allocation.callbackUntil - allocation.requestedAt);
    this.until = this.clock.now() + this.limitMs;
  }

  /** The refusal has to be there before the log's own verdict (epoch ms). */
  get answerBy(): number {
    return this.until - Math.min(REFUSE_AHEAD_MS, this.limitMs / 4);
  }
}

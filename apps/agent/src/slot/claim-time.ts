import type { Clock } from '#kernel';
import type { SlotState } from '#slot';

/** How long (ms) before its deadline a claim is refused that cannot be served. */
const REFUSE_AHEAD_MS = 500;

/**
 * The deadline for the callback of the claim that was seen last. The time counts from when this
 * agent saw the claim, because the deadline in the log was set by another machine's clock. An
 * answer that is late by that clock loses against `CallbackTimedOut` in the log.
 */
export class ClaimTime {
  /** The deadline: epoch ms, by this machine's clock. */
  until = Infinity;
  private claim = '';
  private limitMs = 0;

  constructor(private readonly clock: Clock) {}

  see({ context: { fence, allocation } }: SlotState): void {
    // After the log went back, another allocation can have the same fence.
    const claim = `${fence} ${allocation?.id}`;
    if (allocation === null || claim === this.claim) return;
    this.claim = claim;
    this.limitMs = Math.max(0, allocation.callbackUntil - allocation.requestedAt);
    this.until = this.clock.now() + this.limitMs;
  }

  /** When to refuse (epoch ms), so that the refusal arrives before `CallbackTimedOut`. */
  get answerBy(): number {
    return this.until - Math.min(REFUSE_AHEAD_MS, this.limitMs / 4);
  }
}

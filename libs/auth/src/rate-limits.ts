import type { Rate } from './access-token.js';

/**
 * Most callers that are remembered. The one that was idle the longest is forgotten first, and
 * starts afresh.
 */
const CALLERS_MAX = 10_000;

/**
 * Limits how often each caller may ask. For each caller it keeps one instant: when all requests so
 * far are paid for, at `1/qps` each. A request that would move this instant more than a burst ahead
 * of the clock is refused. This is a token bucket of size `burst` that is refilled at `qps`,
 * without a timer.
 */
export class RateLimits {
  private readonly paidAt = new Map<string, number>();

  /**
   * Counts one request of a caller.
   *
   * @param now epoch ms
   * @returns 0 if the request is let through; otherwise the ms after which it would be. A refused
   * request is not counted.
   */
  waitMs(caller: string, rate: Rate, now: number): number {
    const waitMs = this.peekMs(caller, rate, now);
    if (waitMs > 0) return waitMs;
    const paidAt = this.paidAtOf(caller, now) + 1_000 / rate.qps;
    this.paidAt.delete(caller);
    this.paidAt.set(caller, paidAt);
    if (this.paidAt.size > CALLERS_MAX) this.forgetOldest();
    return 0;
  }

  /** What `waitMs` would return; counts nothing. */
  peekMs(caller: string, { qps, burst }: Rate, now: number): number {
    const requestMs = 1_000 / qps;
    const waitMs = this.paidAtOf(caller, now) + requestMs - now - burst * requestMs;
    // The sum of fractions may be off by a thousandth of a millisecond.
    return waitMs > 0.001 ? waitMs : 0;
  }

  private paidAtOf(caller: string, now: number): number {
    return Math.max(now, this.paidAt.get(caller) ?? 0);
  }

  private forgetOldest(): void {
    const [oldest] = this.paidAt.keys();
    if (oldest !== undefined) this.paidAt.delete(oldest);
  }
}

import type { Rate } from './access-token.js';

/** Callers that are kept in mind at most; who was idle longest is forgotten, and starts afresh. */
const CALLERS_MAX = 10_000;

/**
 * How often each caller may ask. For each the instant is kept at which all it asked is paid off, at
 * one request each `1/qps`; who is more than a burst ahead of the clock is refused. That is a bucket
 * of `burst` tokens refilled at `qps`, in one number and without a timer.
 */
export class RateLimits {
  private readonly paidAt = new Map<string, number>();

  /**
   * Counts one request of a caller.
   *
   * @param now epoch ms
   * @returns 0, or the ms after which it would be let through; a refused one costs nothing.
   */
  waitMs(caller: string, { qps, burst }: Rate, now: number): number {
    const requestMs = 1_000 / qps;
    const paidAt = Math.max(now, this.paidAt.get(caller) ?? 0) + requestMs;
    const wait = paidAt - now - burst * requestMs;
    // A thousandth of a ms is what adding fractions up may be off by.
    if (wait > 0.001) return wait;
    this.paidAt.delete(caller);
    this.paidAt.set(caller, paidAt);
    if (this.paidAt.size > CALLERS_MAX) this.forgetOldest();
    return 0;
  }

  private forgetOldest(): void {
    const [oldest] = this.paidAt.keys();
    if (oldest !== undefined) this.paidAt.delete(oldest);
  }
}

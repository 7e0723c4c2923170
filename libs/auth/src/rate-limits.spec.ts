import { describe, expect, it } from '@jest/globals';
import { RateLimits } from './rate-limits.js';

const NOW = 1_000_000;

describe('A caller', () => {
  it('may send a burst at once, and then as often as its rate allows', () => {
    const limits = new RateLimits();
    const rate = { qps: 10, burst: 20 };
    const asked = (count: number, now: number) =>
      Array.from({ length: count }, () => limits.waitMs('a', rate, now)).filter((ms) => ms === 0)
        .length;
    expect(asked(50, NOW)).toBe(20);
    expect(asked(50, NOW + 1_000)).toBe(10);
    expect(asked(50, NOW + 60_000)).toBe(20);
  });

  it('is told how long to wait, and is accepted after that', () => {
    const limits = new RateLimits();
    const rate = { qps: 4, burst: 1 };
    expect(limits.waitMs('a', rate, NOW)).toBe(0);
    const wait = limits.waitMs('a', rate, NOW);
    expect(wait).toBeCloseTo(250);
    expect(limits.waitMs('a', rate, NOW + wait)).toBe(0);
  });

  it('is not slowed down by others', () => {
    const limits = new RateLimits();
    const rate = { qps: 1, burst: 1 };
    limits.waitMs('a', rate, NOW);
    expect(limits.waitMs('b', rate, NOW)).toBe(0);
  });

  it.each([3, 7, 30, 999])('gets %d a second, however often it is refused', (qps) => {
    const limits = new RateLimits();
    let served = 0;
    for (let now = NOW; now < NOW + 10_000; now += 0.25) {
      if (limits.waitMs('a', { qps, burst: 1 }, now) === 0) served += 1;
    }
    expect(served).toBeGreaterThan(qps * 10 * 0.8);
    expect(served).toBeLessThanOrEqual(qps * 10 + 1);
  });
});

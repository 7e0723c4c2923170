import { describe, expect, it } from '@jest/globals';
import { generate } from './generate.js';
import { shrink } from './shrink.js';
import { simulate } from './simulation.js';
import type { Breakage } from './world.js';

const SEEDS = 50;
const SEEDS_MAX = 200;

/** The first seed that finds something wrong, and what. */
async function firstFound(breakage: Breakage) {
  for (let seed = 1; seed <= SEEDS_MAX; seed += 1) {
    const schedule = generate(seed);
    const { violation } = await simulate(schedule, breakage);
    if (violation !== undefined) return { schedule, violation };
  }
  throw new Error(`nothing found in ${SEEDS_MAX} seeds`);
}

describe('The simulator', () => {
  it(`finds nothing wrong in ${SEEDS} seeds`, async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const { violation } = await simulate(generate(seed));
      expect({ seed, violation }).toEqual({ seed, violation: undefined });
    }
  }, 120_000);

  it('finds nothing wrong where clocks are off by minutes', async () => {
    for (let seed = 1; seed <= SEEDS / 5; seed += 1) {
      const { violation } = await simulate(generate(seed, { skewMs: 180_000 }));
      expect({ seed, violation }).toEqual({ seed, violation: undefined });
    }
  }, 60_000);

  it('gives the same run for the same seed, and another for another', async () => {
    const digestOf = async (seed: number) => (await simulate(generate(seed))).trace.digest;
    const digest = await digestOf(7);
    expect(await digestOf(7)).toBe(digest);
    expect(await digestOf(8)).not.toBe(digest);
  });

  const twice = /granted twice|one slot at most|every append/;
  it.each<[string, Breakage, RegExp]>([
    ['compare-and-set', { withoutCompareAndSet: true }, /every append|replay/],
    ['de-duplication', { withoutDeduplication: true }, twice],
    ['deadlines', { withoutDeadlines: true }, /is free again once things are calm/],
    ['clearing', { withoutClearing: true }, /is free again once things are calm/],
  ])(
    'finds that there is no %s',
    async (_, breakage, invariant) => {
      const { violation } = await firstFound(breakage);
      expect(violation.invariant).toMatch(invariant);
    },
    120_000,
  );

  it('shrinks a failure to the few acts that it takes', async () => {
    const breakage = { withoutDeadlines: true };
    const { schedule, violation } = await firstFound(breakage);
    const { acts } = await shrink(schedule, violation.invariant, breakage);
    expect(acts.length).toBeLessThanOrEqual(3);
    expect(acts.length).toBeGreaterThan(0);
  }, 120_000);
});

import { warmWanted } from '#fleet';
import type { FleetCounts } from '#pool';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { changesFor } from './warm-pool-plan.js';

const none = {
  taken: 0,
  desiredWarm: 0,
  desiredCold: 0,
  unmanagedWarm: 0,
  unmanagedCold: 0,
  ready: 0,
};
const size = { minAvailable: 1, max: 6, buffer: 2 };
const plan = (counts: Partial<FleetCounts>, to: typeof size | null = size) =>
  changesFor(to, { ...none, ...counts });

describe('the plan for a fleet', () => {
  test('keeps running processes as warm slots, and cools the others', () => {
    expect(plan({ unmanagedWarm: 5, unmanagedCold: 1 })).toEqual([
      { from: 'unmanagedWarm', most: 2, warmth: true },
      { from: 'unmanagedWarm', most: 3, warmth: false },
      { from: 'unmanagedCold', most: 1, warmth: false },
    ]);
  });

  test('warms one slot for each that is taken, up to the maximum', () => {
    expect(plan({ taken: 1, desiredWarm: 1, desiredCold: 3 })).toEqual([
      { from: 'desiredCold', most: 1, warmth: true },
    ]);
    expect(plan({ taken: 5, desiredWarm: 1, desiredCold: 3 })).toEqual([]);
    expect(plan({ taken: 6, desiredWarm: 1, desiredCold: 3 })).toEqual([
      { from: 'desiredWarm', most: 1, warmth: false },
    ]);
  });

  test('leaves everything to the agents if there is no size', () => {
    expect(plan({ taken: 1, unmanagedWarm: 2, unmanagedCold: 2 }, null)).toEqual([]);
    expect(plan({ desiredWarm: 2, desiredCold: 3 }, null)).toEqual([
      { from: 'desiredWarm', most: 2, warmth: null },
      { from: 'desiredCold', most: 3, warmth: null },
    ]);
  });

  test('reaches the wanted numbers, or as many as there are, and then stops', () => {
    const count = fc.nat({ max: 9 });
    const counts = fc.tuple(count, count, count, count, count);
    const law = fc.property(count, count, counts, (buffer, spare, slots) => {
      const [taken, desiredWarm, desiredCold, unmanagedWarm, unmanagedCold] = slots;
      const wanted = { minAvailable: 0, buffer, max: buffer + spare };
      const free = { desiredWarm, desiredCold, unmanagedWarm, unmanagedCold };
      const left = { ...none, taken, ...free };
      for (const change of changesFor(wanted, left)) {
        left[change.from] -= change.most;
        left[change.warmth === true ? 'desiredWarm' : 'desiredCold'] += change.most;
      }
      expect(Math.min(...Object.values(left))).toBeGreaterThanOrEqual(0);
      expect(left).toMatchObject({ taken, unmanagedWarm: 0, unmanagedCold: 0 });
      const all = desiredWarm + desiredCold + unmanagedWarm + unmanagedCold;
      expect(left.desiredWarm).toBe(Math.min(all, warmWanted(wanted, taken)));
      expect(changesFor(wanted, left)).toEqual([]);
    });
    fc.assert(law);
  });
});

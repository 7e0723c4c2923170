import { warmWanted } from '#fleet';
import type { FleetCounts } from '#pool';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { changesFor } from './plan.js';

const none = { taken: 0, warm: 0, cold: 0, leftWarm: 0, leftCold: 0, ready: 0 };
const size = { minAvailable: 1, max: 6, buffer: 2 };
const plan = (counts: Partial<FleetCounts>, to: typeof size | null = size) =>
  changesFor(to, { ...none, ...counts });

describe('the plan for a fleet', () => {
  test('warms slots whose process runs already, and cools the others', () => {
    expect(plan({ leftWarm: 5, leftCold: 1 })).toEqual([
      { standing: 'leftWarm', most: 2, warmth: true },
      { standing: 'leftWarm', most: 3, warmth: false },
      { standing: 'leftCold', most: 1, warmth: false },
    ]);
  });

  test('warms one for each that is taken, up to the maximum', () => {
    expect(plan({ taken: 1, warm: 1, cold: 3 })).toEqual([
      { standing: 'cold', most: 1, warmth: true },
    ]);
    expect(plan({ taken: 5, warm: 1, cold: 3 })).toEqual([]);
    expect(plan({ taken: 6, warm: 1, cold: 3 })).toEqual([
      { standing: 'warm', most: 1, warmth: false },
    ]);
  });

  test('leaves everything to the agents where there is no size', () => {
    expect(plan({ taken: 1, leftWarm: 2, leftCold: 2 }, null)).toEqual([]);
    expect(plan({ warm: 2, cold: 3 }, null)).toEqual([
      { standing: 'warm', most: 2, warmth: null },
      { standing: 'cold', most: 3, warmth: null },
    ]);
  });

  test('reaches what is wanted, or all there is, and then rests', () => {
    const count = fc.nat({ max: 9 });
    const counts = fc.tuple(count, count, count, count, count);
    const law = fc.property(count, count, counts, (buffer, spare, slots) => {
      const [taken, warm, cold, leftWarm, leftCold] = slots;
      const wanted = { minAvailable: 0, buffer, max: buffer + spare };
      const left = { ...none, taken, warm, cold, leftWarm, leftCold };
      for (const change of changesFor(wanted, left)) {
        left[change.standing] -= change.most;
        left[change.warmth === true ? 'warm' : 'cold'] += change.most;
      }
      expect(Math.min(...Object.values(left))).toBeGreaterThanOrEqual(0);
      expect(left).toMatchObject({ taken, leftWarm: 0, leftCold: 0 });
      const free = warm + cold + leftWarm + leftCold;
      expect(left.warm).toBe(Math.min(free, warmWanted(wanted, taken)));
      expect(changesFor(wanted, left)).toEqual([]);
    });
    fc.assert(law);
  });
});

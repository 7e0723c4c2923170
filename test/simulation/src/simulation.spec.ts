import { describe, expect, it } from '@jest/globals';
import { generate } from './generate.js';
import { allocatorName, type Asking } from './schedule.js';
import { shrink } from './shrink.js';
import { simulate } from './simulation.js';
import type { Breakage } from './breakage.js';

const SEEDS = 200;
const SEEDS_MAX = 200;

/** The schedule of the first seed that shows a violation, and the violation. */
async function firstFound(breakage: Breakage) {
  for (let seed = 1; seed <= SEEDS_MAX; seed += 1) {
    const schedule = generate(seed);
    const { violation } = await simulate(schedule, breakage);
    if (violation !== undefined) return { schedule, violation };
  }
  throw new Error(`nothing found in ${SEEDS_MAX} seeds`);
}

const wide = {
  ...{ allocators: 2, machines: 2, slotsPerMachine: 8, keepWarm: true, isMixed: false },
  limits: {
    ...{ callbackMs: 2_000, coldStartMs: 5_000, idleMs: 20_000 },
    ...{ sessionMs: null, restartsMax: 0 },
  },
};
const goesBack = { kind: 'logBack', at: 8_000, byMs: 4_000, awayMs: 100 } as const;

/** Six sessions that the log loses, each asked for again at another moment after that. */
const lostSessions = [0, 1, 2, 3, 4, 5].flatMap((index) => {
  const asking: Asking = {
    at: 5_000 + 50 * index,
    ...{ kind: 'ask', id: `match-${index}`, via: 'client', map: null, waitMs: 5_000 },
    ...{ timeoutMs: 10_000, then: 'nothing', afterMs: 0 },
    games: [{ answer: 'accepts', then: 'stays', afterMs: 0 }],
  };
  return [asking, { ...asking, at: 8_150 + 300 * index }];
});

describe('The simulator', () => {
  it(`finds nothing wrong in ${SEEDS} seeds`, async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const { violation } = await simulate(generate(seed));
      expect({ seed, violation }).toEqual({ seed, violation: undefined });
    }
  }, 300_000);

  it('finds nothing wrong if clocks are off by minutes', async () => {
    for (let seed = 1; seed <= SEEDS / 10; seed += 1) {
      const { violation } = await simulate(generate(seed, { skewMs: 180_000 }));
      expect({ seed, violation }).toEqual({ seed, violation: undefined });
    }
  }, 60_000);

  it('serves published requests once or lets them expire, even if all allocators die repeatedly', async () => {
    const { setting, ...rest } = generate(1);
    const games = [{ answer: 'accepts', then: 'exits', afterMs: 2_000 }] as const;
    const asked = { kind: 'ask', via: 'queue', map: null, timeoutMs: 5_000, games } as const;
    const askings = Array.from({ length: 16 }, (_, index) => ({
      ...({
        ...asked,
        at: 5_000 + index,
        id: `match-${index}`,
        then: 'nothing',
        afterMs: 0,
      } as const),
      waitMs: index % 4 === 0 ? 2_000 : 90_000,
    }));
    const kills = [5_010, 5_020, 5_040, 9_000, 14_000].flatMap((at) =>
      [1, 2, 3].map((index) => ({
        ...({ kind: 'kill', at, downMs: 8 } as const),
        who: allocatorName(index),
      })),
    );
    const small = { ...setting, allocators: 3, machines: 1, slotsPerMachine: 2 };
    const schedule = { ...rest, setting: small, acts: [...askings, ...kills] };
    const { violation, counts } = await simulate(schedule);
    expect(violation).toBeUndefined();
    expect(counts).toMatchObject({ published: 16, kills: 15 });
  });

  it('runs the same for the same seed, and differently for another', async () => {
    const digestOf = async (seed: number) => (await simulate(generate(seed))).trace.digest;
    const digest = await digestOf(7);
    expect(await digestOf(7)).toBe(digest);
    expect(await digestOf(8)).not.toBe(digest);
  });

  const twice = /granted twice|one slot at most|every append/;
  it.each<[string, Breakage, RegExp]>([
    ['compare-and-set', { withoutCompareAndSet: true }, /every append|replay/],
    ['de-duplication', { withoutDeduplication: true }, twice],
    ['gaps', { withoutGaps: true }, /granted twice|than its maximum|replay/],
    ['deadlines', { withoutDeadlines: true }, /at rest once things are calm/],
    ['clearing', { withoutClearing: true }, /at rest once things are calm/],
    ['maximum', { withoutMaximum: true }, /than its maximum/],
    ['order', { withoutOrder: true }, /in the order of arrival/],
    ['refusals of a full log', { withoutRefusing: true }, /every answer is in|replay/],
    ['probes of a full log', { withoutProbes: true }, /says so|once things are calm/],
    ["what a slot's fence was before version 0.2.0 wrote", { unkept: 'fence' }, /replay|fence/],
    ['reports that version 0.2.0 takes', { withoutWholeReports: true }, /once things are calm/],
    ['setting aside', { withoutSettingAside: true }, /only a repair follows/],
  ])(
    'notices the lack of %s',
    async (_, breakage, invariant) => {
      const { violation } = await firstFound(breakage);
      expect(violation.invariant).toMatch(invariant);
    },
    120_000,
  );

  it.each<[string, Breakage, RegExp | undefined]>([
    ['keeps its promise', {}, undefined],
    ['finds that nobody tells the log', { withoutRestoration: true }, /told of the same server/],
    ['finds that agents are not asked', { withoutRollCall: true }, /told of the same server/],
    ['finds that agents end what it lost', { withoutKeeping: true }, /has lost goes on/],
  ])(
    '%s when six sessions are lost with the log and requested again',
    async (_, breakage, found) => {
      const { setting, ...rest } = generate(1);
      const { violation, counts } = await simulate(
        { ...rest, setting: { ...setting, ...wide }, acts: [...lostSessions, goesBack] },
        breakage,
      );
      if (found !== undefined) return expect(violation?.invariant).toMatch(found);
      expect(violation).toBeUndefined();
      expect(counts).toMatchObject({ returns: 1, restored: 6 });
    },
  );

  it('shrinks a failing schedule to the few acts that it needs', async () => {
    const breakage = { withoutDeadlines: true };
    const { schedule, violation } = await firstFound(breakage);
    const { acts } = await shrink(schedule, violation.invariant, breakage);
    expect(acts.length).toBeLessThanOrEqual(3);
    expect(acts.length).toBeGreaterThan(0);
  }, 120_000);
});

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SlotEvent } from '#slot';
import { START, WrongClock } from '#testing';
import type { Allocator } from './allocator.js';
import { aRequest, TestRegion } from '../test/support/region.js';

const WRONG_MS = 300_000;

describe('allocators whose clocks are ten minutes apart', () => {
  let place: TestRegion;
  let ahead: Allocator;
  let behind: Allocator;

  beforeEach(async () => {
    place = new TestRegion();
    const clock = (aheadMs: number) => new WrongClock(place.clock, aheadMs);
    // Reports go to the first allocator: what this dates, the other would end at once.
    behind = await place.startAllocator({ clock: clock(-WRONG_MS) });
    ahead = await place.startAllocator({ clock: clock(WRONG_MS) });
    await place.own('1');
    await place.pass(50);
  });
  afterEach(() => place.close());

  async function happened(type: string): Promise<SlotEvent[]> {
    return (await place.events('1')).filter((event) => event.type === type);
  }

  const both = [
    ['ahead', () => ahead],
    ['behind', () => behind],
  ] as const;

  test.each(both)(
    'record events of the one that is %s with the time of the log',
    async (_, allocator) => {
      await place.kept(allocator().claims.allocate(aRequest('match-1')));
      const events = await place.events('1');
      expect(events.every(({ at }) => at >= START && at <= place.clock.now())).toBe(true);
      expect(events.map(({ type }) => type)).toContain('CallbackAcked');
    },
  );

  test.each(both)(
    'give a callback its full time if the one %s has made the claim',
    async (_, allocator) => {
      place.answers = { '1': null };
      const since = place.clock.now();
      const answer = allocator().claims.allocate(aRequest('match-1', { timeoutMs: 5_000 }));
      await place.pass(950);
      expect(await happened('CallbackTimedOut')).toEqual([]);
      await place.pass(1_000);
      const [timedOut] = await happened('CallbackTimedOut');
      expect(timedOut?.at).toBeGreaterThanOrEqual(since + 1_000);
      expect(timedOut?.at).toBeLessThan(since + 2_000);
      await place.kept(answer);
    },
  );

  test.each(both)(
    'end a session at its time if the one %s has made the claim',
    async (_, allocator) => {
      await place.kept(allocator().claims.allocate(aRequest('match-1', { idleTtlMs: 30_000 })));
      const [acked] = await happened('CallbackAcked');
      await place.pass(29_000);
      expect(await happened('TtlExpired')).toEqual([]);
      await place.pass(3_000);
      const ends = await happened('TtlExpired');
      expect(ends).toHaveLength(1);
      expect(ends[0]?.at).toBeGreaterThanOrEqual((acked?.at ?? 0) + 30_000);
      expect(ends[0]?.at).toBeLessThan((acked?.at ?? 0) + 31_000);
    },
  );

  test('end a session at its time even if the one that made the claim is gone', async () => {
    await place.kept(behind.claims.allocate(aRequest('match-1', { idleTtlMs: 30_000 })));
    const [acked] = await happened('CallbackAcked');
    place.stop(behind);
    await place.pass(29_000);
    expect(await happened('TtlExpired')).toEqual([]);
    await place.pass(3_000);
    const [end] = await happened('TtlExpired');
    expect(end?.at).toBeLessThan((acked?.at ?? 0) + 32_000);
  });
});

describe('an allocator whose clock is set five minutes ahead while it runs', () => {
  test('ends nothing before its time', async () => {
    const place = new TestRegion();
    const clock = new WrongClock(place.clock);
    const allocator = await place.startAllocator({ clock });
    await place.own('1');
    await place.kept(allocator.claims.allocate(aRequest('match-1', { idleTtlMs: 30_000 })));
    clock.aheadMs = WRONG_MS;
    await place.pass(28_000);
    const types = async () => (await place.events('1')).map(({ type }) => type);
    expect(await types()).not.toContain('TtlExpired');
    await place.pass(4_000);
    expect(await types()).toContain('TtlExpired');
    place.close();
  });
});

import { describe, expect, test } from '@jest/globals';
import type { MemoryEventLog } from '#memory';
import { slotSubject, type SlotRecord } from '#wire';
import type { Allocator } from './allocator.js';
import { startLateAllocator } from '../test/support/late-allocator.js';
import { aRequest } from '../test/support/region.js';
import {
  ask,
  place,
  regionForEach,
  regionWith,
  release,
} from '../test/support/remembering-region.js';

const region = 'eu';

const startLate = (byMs: number) => startLateAllocator(place, byMs);

regionForEach();

describe('an allocation id', () => {
  test('gets its server at once, by one append, from an allocator that lags behind', async () => {
    const [one] = await regionWith(1, '1', '2');
    const { late, log } = await startLate(60_000);
    const answer = await ask(one!, 'match-1');
    const asked = place.clock.now();
    expect(await ask(late, 'match-1')).toEqual(answer);
    expect(place.clock.now() - asked).toBeLessThan(1_000);
    expect(log.appends).toBe(1);
  });

  test('can be ended at an allocator that lags behind', async () => {
    const [one] = await regionWith(1, '1');
    const { late } = await startLate(800);
    await ask(one!, 'match-1');
    const request = { region, allocationId: 'match-1', reason: 'over', by: 'test' };
    expect(await place.kept(late.deallocations.deallocate(request))).toMatchObject({
      status: 'deallocated',
      slot: 'eu.m.1',
    });
  });

  test('gets the slot that was freed by events that its allocator has not read yet', async () => {
    const [one] = await regionWith(1, '1');
    await ask(one!, 'match-1');
    const { late } = await startLate(800);
    await release(one!, 'match-1');
    expect(await ask(late, 'match-2')).toMatchObject({ status: 'allocated' });
  });

  /** One more allocator; `silentMs` is how long it has not heard the log. */
  async function startHearing(silentMs: () => number): Promise<Allocator> {
    const log = Object.create(place.log) as typeof place.log;
    log.follow = async (after, consumer) => {
      const heard = await place.log.follow(after, consumer);
      return {
        close: () => heard.close(),
        get sequence() {
          return heard.sequence;
        },
        get silentMs() {
          return silentMs();
        },
      };
    };
    return place.startAllocator({ log });
  }

  test('waits for the outcome of its claim, though somebody writes what nobody can read', async () => {
    const [other] = await regionWith(1, '1');
    let looks = 0;
    // An allocator that never stops looking would never let this test end.
    const one = await startHearing(() => {
      looks += 1;
      if (looks > 10_000) throw new Error('it looks again and again');
      return 0;
    });
    place.answers = { '1': null };
    void other!.claims.allocate(aRequest('match-1'));
    await place.pass(100);
    expect(await place.claims()).toEqual(['match-1']);
    (place.log as MemoryEventLog<SlotRecord>).corrupt(
      slotSubject({ region, agent: 'm', slot: '1' }),
      Buffer.from('no event at all'),
    );
    await place.pass(100);
    const asked = one.claims.allocate(aRequest('match-1', { timeoutMs: 3_000 }));
    expect(await place.kept(asked)).toMatchObject({ status: 'refused', code: 'timed-out' });
  });

  test('is not claimed by an allocator that does not hear the log', async () => {
    await regionWith(1, '1');
    let silentMs = 0;
    const deaf = await startHearing(() => silentMs);
    silentMs = 60_000;
    expect(await ask(deaf, 'match-1')).toMatchObject({ status: 'refused', code: 'not-ready' });
    expect(await place.claims()).toEqual([]);
    silentMs = 0;
    await place.pass(1_000);
    expect(await ask(deaf, 'match-1')).toMatchObject({ status: 'allocated' });
  });
});

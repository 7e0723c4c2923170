import { describe, expect, test } from '@jest/globals';
import {
  ask,
  DUPLICATE_WINDOW_MS,
  ended,
  place,
  regionForEach,
  regionWith,
  release,
  REMEMBER_MS,
} from '../test/support/remembering-region.js';
import { aRequest } from '../test/support/region.js';

const region = 'eu';

regionForEach();

describe('an allocation id', () => {
  test('gets one slot and one answer, however many requests carry it, at however many allocators', async () => {
    const slots = Array.from({ length: 150 }, (_, index) => `s${index}`);
    const allocators = await regionWith(3, ...slots);
    const asked = Array.from({ length: 500 }, (_, index) =>
      allocators[index % 3]!.claims.allocate(aRequest(`id-${index % 100}`)),
    );
    const answers = await place.kept(Promise.all(asked));
    const servers = new Map<string, Set<string>>();
    for (const answer of answers) {
      const text = JSON.stringify(answer);
      const { allocationId = '' } = answer;
      servers.set(allocationId, (servers.get(allocationId) ?? new Set()).add(text));
    }
    expect(servers.size).toBe(100);
    for (const said of servers.values()) expect(said.size).toBe(1);
    expect(answers.every(({ status }) => status === 'allocated')).toBe(true);
    expect(await place.claims()).toHaveLength(100);
  });

  test('gets the same server again, long after the duplicate window', async () => {
    const [one, two] = await regionWith(2, '1', '2');
    const answer = await ask(one!, 'match-1');
    await place.pass(10 * DUPLICATE_WINDOW_MS);
    expect(await ask(two!, 'match-1')).toEqual(answer);
    expect(await ask(await place.startAllocator(), 'match-1')).toEqual(answer);
  });

  test('gets the end of its session, even if others have used the slot since', async () => {
    const [one, two] = await regionWith(2, '1');
    for (const id of ['match-1', 'match-2', 'match-3']) {
      await ask(one!, id);
      await release(one!, id);
    }
    await place.pass(10 * DUPLICATE_WINDOW_MS);
    expect(await ask(two!, 'match-1')).toMatchObject(ended);
    expect(await place.claims()).toEqual(['match-1', 'match-2', 'match-3']);
  });

  test('gets the end of its session from an allocator that did not see it', async () => {
    const [one] = await regionWith(1, '1');
    for (const id of ['match-1', 'match-2', 'match-3']) {
      await ask(one!, id);
      await release(one!, id);
    }
    place.stop(one!);
    await place.pass(10 * DUPLICATE_WINDOW_MS);
    const late = await place.startAllocator();
    expect(await ask(late, 'match-1')).toMatchObject(ended);
    expect(
      await late.deallocations.deallocate({ region, allocationId: 'match-1', reason: '', by: '' }),
    ).toEqual({
      status: 'deallocated',
      allocationId: 'match-1',
      slot: 'eu.m.1',
    });
  });

  test('is served to the end if the allocator that claimed for it died', async () => {
    const [one, two] = await regionWith(2, '1', '2', '3');
    place.answers = { '1': null, '2': null, '3': null };
    void one!.claims.allocate(aRequest('match-1'));
    await place.pass(100);
    place.stop(one!);
    const again = two!.claims.allocate(aRequest('match-1'));
    await place.pass(100);
    expect(await place.claims()).toEqual(['match-1']);
    place.answers = {};
    expect(await place.kept(again)).toMatchObject({ status: 'allocated' });
  });

  test('keeps its count of failures across restarts', async () => {
    const [one] = await regionWith(1, '1');
    place.answers = { '1': 'refused' };
    await place.kept(one!.claims.allocate(aRequest('match-1', { waitMs: 60_000 })));
    place.answers = {};
    await ask(one!, 'match-2');
    await release(one!, 'match-2');
    place.stop(one!);
    await place.pass(10 * DUPLICATE_WINDOW_MS);
    const again = await ask(await place.startAllocator(), 'match-1');
    expect(again).toMatchObject({ status: 'refused', code: 'callback-failed' });
    expect((await place.claims()).filter((id) => id === 'match-1')).toHaveLength(5);
  });

  test('is claimed under a new key after each recorded failure, and under the same before', async () => {
    const [one] = await regionWith(1, '1');
    const keys: string[] = [];
    const append = place.log.append.bind(place.log);
    // A third one waits until the time is over: a key that is used up would be tried for ever.
    place.log.append = (appending) => {
      const { deduplicationId: key } = appending;
      if (key === undefined) return append(appending);
      keys.push(key);
      return keys.length > 2 ? Promise.resolve({ kind: 'busy' }) : append(appending);
    };
    place.answers = { '1': 'refused once' };
    const asked = one!.claims.allocate(aRequest('match-1', { waitMs: 5_000, timeoutMs: 1_000 }));
    expect(await place.kept(asked)).toMatchObject({ status: 'allocated' });
    expect(keys).toEqual(['match-1', 'match-1.1']);
  });

  test('counts as new once it has been forgotten', async () => {
    const [one] = await regionWith(1, '1');
    await ask(one!, 'match-1');
    await release(one!, 'match-1');
    await place.pass(REMEMBER_MS - 60_000);
    expect(await ask(one!, 'match-1')).toMatchObject(ended);
    await place.pass(180_000);
    expect(await ask(one!, 'match-1')).toMatchObject({ status: 'allocated' });
    await release(one!, 'match-1');
    expect(await ask(one!, 'match-1')).toMatchObject(ended);
    expect(await ask(await place.startAllocator(), 'match-1')).toMatchObject(ended);
  });
});

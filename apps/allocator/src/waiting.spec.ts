import { afterEach, describe, expect, test } from '@jest/globals';
import { anOffer } from '#testing';
import { sizeRequest, type AllocationAnswer } from '#wire';
import type { Allocator } from './allocator.js';
import type { AllocatorOptions } from './options.js';
import { SeededRandom } from '#memory';
import { LateLog } from '../test/support/late-log.js';
import { aRequest, TestRegion } from '../test/support/region.js';

const region = 'eu';

let place: TestRegion;
afterEach(() => place.close());

async function regionWith(
  allocators: number,
  slots: readonly string[],
  options: Partial<AllocatorOptions> = {},
): Promise<Allocator[]> {
  place = new TestRegion(options);
  for (let each = 0; each < allocators; each += 1) await place.startAllocator();
  await place.own(...slots);
  await place.pass(50);
  return [...place.allocators];
}

function waitFor(allocator: Allocator, id: string, change: object = {}): Promise<AllocationAnswer> {
  return allocator.claims.allocate(aRequest(id, { waitMs: 600_000, ...change }));
}

async function release(allocator: Allocator, allocationId: string): Promise<void> {
  await allocator.deallocations.deallocate({ region, allocationId, reason: 'over', by: 'test' });
  await place.pass(50);
}

const ids = (count: number, prefix = 'match') =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

describe('a request that may wait', () => {
  test('gets a free slot at once', async () => {
    const [one] = await regionWith(1, ['1']);
    expect(await place.kept(waitFor(one!, 'match-1'))).toMatchObject({ status: 'allocated' });
  });

  test('is served before later ones, as slots become free', async () => {
    const [one] = await regionWith(1, ['1']);
    const answers = ids(4).map((id) => waitFor(one!, id));
    for (const id of ids(4)) {
      await place.pass(100);
      await release(one!, id);
    }
    for (const answer of await place.kept(Promise.all(answers))) {
      expect(answer.status).toBe('allocated');
    }
    expect(await place.claims()).toEqual(ids(4));
  });

  test('is listed while it waits, the earliest first', async () => {
    const [one] = await regionWith(1, ['1']);
    const answers = ids(3).map((id) => waitFor(one!, id, { waitMs: 5_000 }));
    await place.pass(100);
    const [first, ...more] = one!.listWaiting(10);
    expect(first).toMatchObject({ allocationId: 'match-1', fleet: null });
    expect((first?.until ?? 0) - (first?.since ?? 0)).toBeLessThanOrEqual(5_000);
    expect(more.map(({ allocationId }) => allocationId)).toEqual(['match-2']);
    await place.kept(Promise.all(answers));
    expect(one!.listWaiting(10)).toEqual([]);
  });

  test('is not overtaken by one that does not wait', async () => {
    const [one] = await regionWith(1, ['1']);
    await place.kept(waitFor(one!, 'first'));
    const waiting = waitFor(one!, 'patient');
    await place.pass(50);
    // Asks in the same turns in which the slot becomes free.
    const ending = one!.deallocations.deallocate({
      region,
      allocationId: 'first',
      reason: '',
      by: '',
    });
    const hasty: Promise<AllocationAnswer>[] = [];
    for (let turn = 0; turn < 50; turn += 1) {
      hasty.push(one!.claims.allocate(aRequest(`hasty-${turn}`)));
      await Promise.resolve();
    }
    await ending;
    expect(await place.kept(waiting)).toMatchObject({ status: 'allocated' });
    for (const answer of await place.kept(Promise.all(hasty))) {
      expect(answer).toMatchObject({ status: 'refused', code: 'none-available' });
    }
  });

  test('does not keep slots that it cannot use from those behind it', async () => {
    const [one] = await regionWith(1, ['1']);
    await place.kept(waitFor(one!, 'first'));
    const picky = waitFor(one!, 'picky', { attributes: { map: 'peaks' } });
    const easy = waitFor(one!, 'easy');
    await place.pass(50);
    await release(one!, 'first');
    expect(await place.kept(easy)).toMatchObject({ status: 'allocated', slot: 'eu.m.1' });
    await place.report('2', 0, { offer: anOffer({ attributes: { map: 'peaks' } }) });
    expect(await place.kept(picky)).toMatchObject({ status: 'allocated', slot: 'eu.m.2' });
  });

  test('is refused with the time it has waited if no server became free', async () => {
    const [one] = await regionWith(1, []);
    const answer = await place.kept(waitFor(one!, 'match-1', { waitMs: 30_000 }));
    expect(answer).toMatchObject({
      code: 'none-available',
      message:
        'no server became available in region eu within 30000 ms: no slot that fits is registered',
    });
    expect(one!.waiting).toBe(0);
  });

  test('is refused if too many wait', async () => {
    const [one] = await regionWith(1, [], { waitingMax: 2 });
    const waiting = ids(2).map((id) => waitFor(one!, id));
    await place.pass(50);
    expect(await place.kept(waitFor(one!, 'match-2'))).toMatchObject({
      status: 'refused',
      code: 'shed',
      message: '2 requests wait in region eu already; ask later',
    });
    one!.claims.cancel('match-0');
    const next = waitFor(one!, 'match-3');
    await place.pass(50);
    await place.own('1');
    expect(await place.kept(waiting[1]!)).toMatchObject({ status: 'allocated' });
    await release(one!, 'match-1');
    expect(await place.kept(next)).toMatchObject({ status: 'allocated' });
  });

  test('frees its place when it is cancelled', async () => {
    const [one] = await regionWith(1, []);
    const [first, second] = ids(2).map((id) => waitFor(one!, id));
    await place.pass(50);
    expect(one!.claims.cancel('match-0')).toBe(true);
    expect(one!.claims.cancel('match-0')).toBe(false);
    expect(await place.kept(first!)).toMatchObject({ status: 'refused', code: 'cancelled' });
    await place.own('1');
    expect(await place.kept(second!)).toMatchObject({ status: 'allocated' });
    expect(await place.claims()).toEqual(['match-1']);
  });

  test('is joined by the same request made again', async () => {
    const [one] = await regionWith(1, []);
    const answers = [1, 2, 3].map(() => waitFor(one!, 'match-1'));
    await place.pass(50);
    expect(one!.waiting).toBe(1);
    await place.own('1', '2', '3');
    const [first, ...others] = await place.kept(Promise.all(answers));
    expect(first).toMatchObject({ status: 'allocated' });
    for (const other of others) expect(other).toEqual(first);
    expect(await place.claims()).toEqual(['match-1']);
  });

  test('is refused when its allocator stops', async () => {
    const [one] = await regionWith(1, []);
    const answer = waitFor(one!, 'match-1');
    await place.pass(50);
    place.stop(one!);
    expect(await answer).toMatchObject({ status: 'refused', code: 'not-ready' });
  });

  test('gets one server, even if it waits at several allocators', async () => {
    const allocators = await regionWith(3, []);
    const answers = allocators.map((allocator) => waitFor(allocator, 'match-1'));
    await place.pass(50);
    await place.own('1', '2', '3');
    const [first, ...others] = await place.kept(Promise.all(answers));
    expect(first).toMatchObject({ status: 'allocated' });
    for (const other of others) expect(other).toEqual(first);
    expect(await place.claims()).toEqual(['match-1']);
    expect(allocators.map(({ waiting }) => waiting)).toEqual([0, 0, 0]);
  });

  test('keeps its place when another allocator was faster', async () => {
    const allocators = await regionWith(3, ['1']);
    await place.kept(waitFor(allocators[0]!, 'first'));
    const asked = ids(30).map((id, index) => waitFor(allocators[index % 3]!, id));
    await place.pass(50);
    place.agent.sessionMs = 1_000;
    await release(allocators[0]!, 'first');
    const answers = await place.kept(Promise.all(asked));
    expect(answers.every(({ status }) => status === 'allocated')).toBe(true);
    const claims = await place.claims();
    for (const remainder of [0, 1, 2]) {
      const own = claims.filter((id) => Number(id.split('-')[1]) % 3 === remainder);
      expect(own).toEqual(ids(30).filter((_, index) => index % 3 === remainder));
    }
  });

  test('is served before later ones that want other servers, once its fleet has room', async () => {
    const [one] = await regionWith(1, ['1']);
    for (const map of ['peaks', 'woods']) {
      place.agent.offer = anOffer({ attributes: { map } });
      await place.own(map);
    }
    const wanted = { minAvailable: 0, max: 1, buffer: 0 };
    const asked = { region, fleet: 'harbour', size: wanted, reason: 'the season', by: 'operator' };
    await place.kept(one!.fleets.size(sizeRequest.parse(asked)));
    await place.kept(waitFor(one!, 'match-0', { attributes: { map: 'docks' } }));
    const maps = ['woods', 'peaks', 'woods', 'peaks'];
    const waiting = maps.map((map, index) =>
      waitFor(one!, `match-${index + 1}`, { attributes: { map } }),
    );
    for (const id of ids(5)) {
      await place.pass(100);
      await release(one!, id);
    }
    await place.kept(Promise.all(waiting));
    expect(await place.claims()).toEqual(ids(5));
  });

  test('keeps waiting, ahead of the others, if the game refuses it', async () => {
    const [one] = await regionWith(1, []);
    const [first, second] = ids(2).map((id) => waitFor(one!, id));
    await place.pass(50);
    place.answers = { '1': 'refused once' };
    await place.own('1');
    expect(await place.kept(first!)).toMatchObject({ status: 'allocated', slot: 'eu.m.1' });
    await release(one!, 'match-0');
    expect(await place.kept(second!)).toMatchObject({ status: 'allocated' });
    expect(await place.claims()).toEqual(['match-0', 'match-0', 'match-1']);
  });
});

describe('many requests', () => {
  test('wait for few slots, and are all served in order, each once', async () => {
    const slots = ids(10, 'slot');
    const [one] = await regionWith(1, slots);
    place.agent.sessionMs = 1_000;
    const asked = ids(1_000).map((id) => waitFor(one!, id));
    const answers = await place.kept(Promise.all(asked));
    expect(answers.map((answer) => [answer.status, answer.allocationId])).toEqual(
      ids(1_000).map((id) => ['allocated', id]),
    );
    expect(await place.claims()).toEqual(ids(1_000));
    expect(one!.waiting).toBe(0);
  }, 90_000);

  test('that are cancelled leave every slot free, or held by an id that can be released', async () => {
    const slots = ids(50, 'slot');
    const [one] = await regionWith(1, slots);
    const asked = ids(2_000).map((id) => one!.claims.allocate(aRequest(id, { timeoutMs: 1 })));
    await place.kept(Promise.all(asked));
    await place.pass(1_000);
    const held = new Set(await place.claims());
    for (const allocationId of held) {
      const again = await place.kept(one!.claims.allocate(aRequest(allocationId)));
      expect(again).toMatchObject({ status: 'allocated', allocationId });
      const end = await one!.deallocations.deallocate({
        region,
        allocationId,
        reason: 'given up',
        by: 'test',
      });
      expect(end).toMatchObject({ status: 'deallocated' });
    }
    await place.pass(1_000);
    const fresh = ids(50, 'fresh').map((id) => one!.claims.allocate(aRequest(id)));
    for (const answer of await place.kept(Promise.all(fresh))) {
      expect(answer.status).toBe('allocated');
    }
  }, 60_000);
});

describe('an allocator that lags behind the log', () => {
  test('reads on before it says that nothing is free, and looks again', async () => {
    const place = new TestRegion();
    await place.startAllocator();
    const log = new LateLog(place.log, place.clock, new SeededRandom(1), 800);
    const late = await place.startAllocator({ log });
    // Registered through the first allocator, and granted by the other at the same instant.
    await place.own('1');
    const answer = await place.kept(late.claims.allocate(aRequest('match-1')));
    expect(answer).toMatchObject({ status: 'allocated', slot: 'eu.m.1' });
    place.close();
  });
});

import type { FleetSize } from '#fleet';
import { anOffer } from '#testing';
import { endpoints, sizeRequest, type FleetView } from '#wire';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aRequest, TestRegion } from '../../test/support/region.js';
import { SURPLUS_MS } from './warm-pool.js';

const LOOK_MS = 3_000;

let place: TestRegion;
beforeEach(async () => {
  place = new TestRegion();
  await place.startAllocator();
  await place.startAllocator();
  await place.own('1', '2', '3', '4', '5', '6');
  await place.pass(50);
});
afterEach(() => place.close());

const someSize = (changes: Partial<FleetSize>) => ({
  minAvailable: 0,
  max: 6,
  buffer: 0,
  ...changes,
});

function size(to: FleetSize | null, revision?: number) {
  const wanted = { region: 'eu', fleet: 'harbour', size: to, reason: 'the season', by: 'operator' };
  const request = sizeRequest.parse({ ...wanted, ...(revision !== undefined && { revision }) });
  return place.kept(place.allocators[0]!.fleets.size(request));
}

function view(): FleetView | undefined {
  const answer = place.allocators.at(-1)!.fleets.list({ region: 'eu', fleet: 'harbour' });
  return answer.status === 'fleets' ? answer.fleets[0] : undefined;
}

const allocate = (id: string, changes: object = {}) =>
  place.kept(place.allocators[0]!.claims.allocate(aRequest(id, changes)));

function release(allocationId: string) {
  const request = { region: 'eu', allocationId, reason: 'over', by: 'test' };
  return place.kept(place.allocators[0]!.deallocations.deallocate(request));
}

/** Numbers of slots that the log says are to be warm, and to be cold. */
async function warmth(): Promise<readonly [number, number]> {
  const said: (boolean | null)[] = [];
  for await (const item of place.log.present('slot.eu.*.*')) {
    if (item.kind === 'recorded') said.push(item.record.state.context.warmth);
  }
  const count = (wanted: boolean) => said.filter((one) => one === wanted).length;
  return [count(true), count(false)];
}

describe('a fleet', () => {
  test('keeps a slot warm as long as its game holds it', async () => {
    await place.report('3', 0, { heldUntil: place.clock.now() + 20_000 });
    await size(someSize({}));
    await place.pass(LOOK_MS);
    expect(view()).toMatchObject({ warm: 1, cold: 5 });
    await place.pass(20_000);
    expect(view()).toMatchObject({ warm: 0, cold: 6 });
  });

  test('is left to its agents if it was never sized', async () => {
    await place.pass(LOOK_MS);
    expect(await warmth()).toEqual([0, 0]);
    expect(view()).toEqual({
      id: 'eu.harbour',
      size: null,
      buildConfiguration: null,
      atATime: 1,
      rollout: null,
      failing: [],
      revision: 0,
      allocated: 0,
      warm: 6,
      cold: 0,
    });
  });

  test('keeps as many free slots warm as its size says, and the others cold', async () => {
    await size(someSize({ buffer: 2 }));
    await place.pass(LOOK_MS);
    expect(await warmth()).toEqual([2, 4]);
    expect(view()).toMatchObject({ size: { buffer: 2 }, warm: 2, cold: 4 });
  });

  test('warms another slot when one is taken, and cools it some time after the end', async () => {
    await size(someSize({ minAvailable: 1, buffer: 2 }));
    await place.pass(LOOK_MS);
    expect(await allocate('match-1')).toMatchObject({ status: 'allocated' });
    await place.pass(LOOK_MS);
    expect(await warmth()).toEqual([3, 3]);
    await release('match-1');
    await place.pass(LOOK_MS);
    expect(await warmth()).toEqual([3, 3]);
    await place.pass(SURPLUS_MS);
    expect(await warmth()).toEqual([2, 4]);
  });

  test('scales to zero, and its slots can still be allocated', async () => {
    await size(someSize({}));
    await place.pass(LOOK_MS);
    expect(await warmth()).toEqual([0, 6]);
    expect(await allocate('match-1')).toMatchObject({ status: 'allocated' });
  });

  test('refuses sessions beyond its maximum, and says so', async () => {
    await size(someSize({ max: 1 }));
    await place.pass(50);
    expect(await allocate('match-1')).toMatchObject({ status: 'allocated' });
    expect(await allocate('match-2', { fleet: 'harbour' })).toMatchObject({
      code: 'fleet-maximum',
      message: expect.stringContaining('fleet harbour is at its maximum of 1'),
    });
    await release('match-1');
    expect(await allocate('match-3')).toMatchObject({ status: 'allocated' });
  });

  test('serves waiting requests in order as it gets room', async () => {
    await size(someSize({ max: 1 }));
    await place.pass(50);
    await allocate('match-1');
    const waiting = ['match-2', 'match-3'].map((id) =>
      place.allocators[0]!.claims.allocate(aRequest(id, { waitMs: 60_000 })),
    );
    await place.pass(100);
    expect(await place.claims()).toEqual(['match-1']);
    await release('match-1');
    expect(await place.kept(waiting[0]!)).toMatchObject({ status: 'allocated' });
    expect(await place.claims()).toEqual(['match-1', 'match-2']);
    await size(someSize({ max: 2 }));
    expect(await place.kept(waiting[1]!)).toMatchObject({ status: 'allocated' });
  });

  test('lets its sessions finish when it is scaled down', async () => {
    for (const id of ['match-1', 'match-2', 'match-3']) await allocate(id);
    await size(someSize({ max: 0 }));
    await place.pass(LOOK_MS);
    expect(view()).toMatchObject({ allocated: 3, warm: 0, cold: 3 });
    const types = (await place.events()).map(({ type }) => type);
    expect(types).not.toContain('DeallocationRequested');
  });

  test('is left to its agents again when its size is withdrawn', async () => {
    await size(someSize({ buffer: 2 }));
    await place.pass(LOOK_MS);
    await size(null);
    await place.pass(LOOK_MS);
    expect(await warmth()).toEqual([0, 0]);
    expect(view()).toMatchObject({ size: null, warm: 6, cold: 0 });
  });

  test('applies its size to slots that are added later', async () => {
    await size(someSize({ max: 20, buffer: 8 }));
    await place.pass(LOOK_MS);
    expect(await warmth()).toEqual([6, 0]);
    place.agent.offer = anOffer({ address: '192.0.2.1:7788' });
    await place.own('7', '8', '9');
    await place.pass(LOOK_MS);
    expect(await warmth()).toEqual([8, 1]);
  });
});

describe('the size of a fleet', () => {
  test('is recorded with who set it and why, and recorded once if repeated', async () => {
    const first = await size(someSize({ buffer: 2 }));
    const changed = { event: 'FleetSized', by: 'operator', reason: 'the season' };
    expect(first).toMatchObject({
      ...{ status: 'sized', fleet: { id: 'eu.harbour', revision: 1, lastChange: changed } },
    });
    expect(await size(someSize({ buffer: 2 }))).toEqual(first);
    expect(view()).toMatchObject({ lastChange: changed });
    const subject = endpoints.fleet.subject.of({ region: 'eu', fleet: 'harbour' });
    expect(await place.fleets.last(subject)).toMatchObject({
      sequence: 1,
      record: { event: { type: 'FleetSized', reason: 'the season', by: 'operator' } },
    });
  });

  test('can be changed on condition that nobody else has changed it', async () => {
    expect(await size(someSize({ buffer: 1 }), 0)).toMatchObject({ fleet: { revision: 1 } });
    expect(await size(someSize({ buffer: 2 }), 0)).toMatchObject({ code: 'stale-revision' });
    expect(await size(someSize({ buffer: 2 }), 1)).toMatchObject({ fleet: { revision: 2 } });
  });

  test('survives a restart of all allocators', async () => {
    await size(someSize({ max: 0 }));
    for (const allocator of [...place.allocators]) place.stop(allocator);
    await place.startAllocator();
    expect(view()).toMatchObject({ size: { max: 0 }, revision: 1 });
    expect(await allocate('match-1')).toMatchObject({ code: 'fleet-maximum' });
  });
});

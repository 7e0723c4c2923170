import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Allocator } from './allocator.js';
import { aRequest, TestRegion } from '../test/support/region.js';

const MATCHES = 8;
const PAUSE_MS = 30_000;

describe('A machine whose games do not start', () => {
  let place: TestRegion;
  let allocator: Allocator;

  beforeEach(async () => {
    place = new TestRegion();
    allocator = await place.startAllocator();
    place.answers = { broken: 'not started' };
  });
  afterEach(() => place.close());

  const ask = (id: string, change = {}) =>
    place.kept(allocator.claims.allocate(aRequest(id, change)));
  const release = (id: string) =>
    place.kept(
      allocator.deallocations.deallocate({
        ...{ allocationId: id, region: 'eu', reason: 'over', by: 'test' },
      }),
    );
  const fleet = () => {
    const listed = allocator.fleets.list({ region: 'eu' });
    return listed.status === 'fleets' ? listed.fleets[0] : undefined;
  };

  test('takes no session from the machines that work', async () => {
    await place.own('broken', 'works');
    await place.pass(50);
    for (let match = 0; match < MATCHES; match += 1) {
      expect(await ask(`match-${match}`)).toMatchObject({ slot: 'eu.m.works' });
      await release(`match-${match}`);
      await place.pass(1_000);
    }
    // It was tried once at most: after that it comes last.
    expect((await place.claims('broken')).length).toBeLessThanOrEqual(1);
  });

  test('is left alone after the third failure, and tried once after a pause', async () => {
    await place.own('broken');
    await place.pass(50);
    for (const id of ['match-1', 'match-2', 'match-3']) {
      expect(await ask(id)).toMatchObject({
        code: 'none-available',
        message: expect.stringMatching(/1 refused their callback \(the last: no such file\)/),
      });
      await place.pass(1_000);
    }
    expect(await ask('match-4')).toMatchObject({
      code: 'games-failing',
      grounds: { passedOver: { withheld: 1 } },
      message: expect.stringMatching(
        /: of those that fit 1 with games that do not start, one is tried again at 20\d\d-/,
      ),
    });
    expect(await place.claims('broken')).toHaveLength(3);
    expect(fleet()?.failing).toMatchObject([
      { slot: 'eu.m.broken', reason: 'no such file', failedStarts: 3 },
    ]);
    await place.pass(PAUSE_MS);
    await ask('match-5');
    expect(await place.claims('broken')).toHaveLength(4);
    place.answers = { broken: 'acked' };
    await place.pass(2 * PAUSE_MS);
    expect(await ask('match-6')).toMatchObject({ slot: 'eu.m.broken' });
    expect(fleet()?.failing).toEqual([]);
  });

  test('serves a waiting request as soon as its pause is over', async () => {
    await place.own('broken');
    await place.pass(50);
    for (const id of ['match-1', 'match-2', 'match-3']) {
      await ask(id);
      await place.pass(1_000);
    }
    place.answers = { broken: 'acked' };
    expect(await ask('match-4', { waitMs: 60_000 })).toMatchObject({ slot: 'eu.m.broken' });
  });
});

import { SeededRandom } from '#memory';
import { anOffer } from '#testing';
import { slot, statusOf } from '#slot';
import { sizeRequest, type AllocationAnswer } from '#wire';
import { afterEach, describe, expect, test } from '@jest/globals';
import { LateLog } from '../../test/support/late-log.js';
import { aRequest, TestRegion } from '../../test/support/region.js';

const MAX = 5;
const MAPS = ['docks', 'woods', 'hills'];
const SLOTS = Array.from({ length: 24 }, (_, index) => String(index + 1));

let place: TestRegion;
afterEach(() => place.close());

/** Starts three allocators; each hears of the others' events with a delay of up to `lateByMs`. */
async function start(seed: number, lateByMs: number): Promise<void> {
  place = new TestRegion();
  const random = new SeededRandom(seed);
  for (let index = 0; index < 3; index += 1) {
    await place.startAllocator({ log: new LateLog(place.log, place.clock, random, lateByMs) });
  }
  // Requests for different maps draw from different slots, so compare-and-set does not hold any
  // back.
  for (const [index, map] of MAPS.entries()) {
    place.agent.offer = anOffer({ attributes: { map } });
    await place.own(...SLOTS.filter((_, slotIndex) => slotIndex % MAPS.length === index));
  }
  await place.pass(500);
  const size = { minAvailable: 0, max: MAX, buffer: 0 };
  const wanted = { region: 'eu', fleet: 'harbour', size, reason: 'the season', by: 'operator' };
  await place.kept(place.allocators[0]!.fleets.size(sizeRequest.parse(wanted)));
  await place.pass(500);
}

/** Fifty requests at once, spread over the allocators. */
function askAll(round: number, change: object = {}): Promise<AllocationAnswer[]> {
  return place.kept(
    Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        place.allocators[index % 3]!.claims.allocate(
          aRequest(`match-${round}-${index}`, { attributes: { map: MAPS[index % 3] }, ...change }),
        ),
      ),
    ),
  );
}

const grantedOf = (answers: readonly AllocationAnswer[]) =>
  answers.flatMap((answer) => (answer.status === 'allocated' ? [answer] : []));

async function release(answers: readonly AllocationAnswer[]): Promise<void> {
  for (const { allocationId } of grantedOf(answers)) {
    const request = { region: 'eu', allocationId, reason: 'over', by: 'test' };
    await place.kept(place.allocators[1]!.deallocations.deallocate(request));
  }
  await place.pass(500);
}

/** The most sessions acknowledged at the same time, and how many claims were one too many. */
async function told(): Promise<{ readonly most: number; readonly beyond: number }> {
  const live = new Set<string>();
  let [most, beyond] = [0, 0];
  for await (const item of place.log.read('slot.eu.*.*')) {
    if (item.kind !== 'recorded') throw new Error(item.reason);
    const { event, state } = item.record;
    const isLive = statusOf(state) === 'allocated' && state.context.allocation?.acknowledgedAt;
    if (isLive) live.add(item.subject);
    else live.delete(item.subject);
    most = Math.max(most, live.size);
    if (event.type === 'CallbackRefused' && event.cause === 'fleet-maximum') beyond += 1;
  }
  return { most, beyond };
}

describe('the maximum of a fleet', () => {
  test('is neither exceeded nor left unused when several allocators claim at once', async () => {
    let beyond = 0;
    for (let seed = 1; seed <= 6; seed += 1) {
      await start(seed, 150);
      for (let round = 1; round <= 4; round += 1) {
        const answers = await askAll(round);
        const granted = grantedOf(answers);
        expect(granted).toHaveLength(MAX);
        const codes = answers.flatMap((answer) => ('code' in answer ? [answer.code] : []));
        expect(new Set(codes)).toEqual(new Set(['fleet-maximum']));
        await release(granted);
      }
      const all = await told();
      expect(all.most).toBe(MAX);
      beyond += all.beyond;
      place.close();
    }
    expect(beyond).toBeGreaterThan(0);
  });

  test('serves all waiting requests one after the other, however often claims exceed it', async () => {
    await start(1, 150);
    place.agent.sessionMs = 500;
    const answers = await askAll(1, { waitMs: 60_000 });
    expect(grantedOf(answers)).toHaveLength(50);
    expect((await told()).most).toBe(MAX);
  });

  test('does not count a claim that exceeded it against its request', async () => {
    await start(3, 150);
    const answers = await askAll(1);
    await release(answers);
    const again = await askAll(1);
    const first = new Set(grantedOf(answers).map(({ allocationId }) => allocationId));
    for (const answer of again) {
      const expected = first.has(answer.allocationId ?? '') ? ['ended'] : ['fleet-maximum'];
      if (answer.status === 'refused') expect(expected).toContain(answer.code);
    }
    expect(grantedOf(again)).toHaveLength(MAX);
  });

  test('holds even if the allocators know only the current state', async () => {
    await start(2, 150);
    place.agent.answers = Object.fromEntries(SLOTS.map((name) => [name, null]));
    const asked = askAll(1).catch(() => undefined);
    await place.pass(50);
    expect((await place.claims()).length).toBeGreaterThan(MAX);
    for (const allocator of [...place.allocators]) place.stop(allocator);
    await place.startAllocator();
    place.agent.answers = {};
    await place.pass(20_000);
    await asked;
    expect((await told()).most).toBeLessThanOrEqual(MAX);
  });
});

test('a claim that is answered already is not taken back', () => {
  const command = { type: 'RefuseClaim', at: 1, fence: 1, cause: 'fleet-maximum' } as const;
  expect(slot.decide(slot.initial, command)).toMatchObject({
    kind: 'refused',
    refusal: { code: 'not-awaiting' },
  });
});

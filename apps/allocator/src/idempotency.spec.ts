import { JsonText } from '#json';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { MemoryEventLog } from '#memory';
import { slot } from '#slot';
import { aReport, START } from '#testing';
import { slotSubject, type AllocationAnswer, type SlotRecord } from '#wire';
import type { Allocator } from './allocator.js';
import { allocatorMetrics } from './metrics/allocator-metrics.js';
import { startLateAllocator } from '../test/support/late-allocator.js';
import { aRequest, TestRegion } from '../test/support/region.js';

const region = 'eu';
const DUPLICATE_WINDOW_MS = 1_000;
const REMEMBER_MS = 600_000;

let place: TestRegion;
afterEach(() => place.close());

async function regionWith(allocators: number, ...slots: readonly string[]): Promise<Allocator[]> {
  place = new TestRegion({ rememberMs: REMEMBER_MS }, DUPLICATE_WINDOW_MS);
  for (let each = 0; each < allocators; each += 1) await place.startAllocator();
  await place.own(...slots);
  await place.pass(50);
  return [...place.allocators];
}

function ask(allocator: Allocator, id: string): Promise<AllocationAnswer> {
  return place.kept(allocator.claims.allocate(aRequest(id)));
}

const startLate = (byMs: number) => startLateAllocator(place, byMs);

async function release(allocator: Allocator, allocationId: string): Promise<void> {
  await allocator.deallocations.deallocate({ region, allocationId, reason: 'over', by: 'test' });
  await place.pass(50);
}

const ended = {
  status: 'refused',
  code: 'ended',
  message: expect.stringMatching(/^the allocation ended at .* \(DeallocationRequested: over\)$/),
};

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

describe('an allocation on two slots', () => {
  test('keeps the slot that was claimed first', async () => {
    const [one, two] = await regionWith(2, '1');
    const { metrics, watch } = allocatorMetrics();
    watch(one!);
    await ask(one!, 'match-1');
    await claimBehindTheirBacks('2', 'match-1');
    await place.pass(2_000);
    expect(await metrics.text()).toContain('berth_duplicate_allocations_total{region="eu"} 1\n');
    const types = async (name: string) => (await place.events(name)).map(({ type }) => type);
    expect(await types('1')).not.toContain('DeallocationRequested');
    expect(await place.events('2')).toContainEqual(
      expect.objectContaining({ type: 'DeallocationRequested', reason: 'duplicate' }),
    );
    for (const allocator of [one!, two!]) {
      expect(await ask(allocator, 'match-1')).toMatchObject({
        status: 'allocated',
        slot: 'eu.m.1',
      });
      expect(allocator.doubles).toBe(1);
    }
  });

  test('is no double to an allocator that has not read its end on the first one', async () => {
    const [one] = await regionWith(1, '1');
    await ask(one!, 'match-1');
    const first = slotSubject({ region, agent: 'm', slot: '1' });
    const log = Object.create(place.log) as typeof place.log;
    log.follow = (after, consumer) =>
      place.log.follow(after, {
        receive: (item) => item.subject !== first && consumer.receive(item),
      });
    const deaf = await place.startAllocator({ log });
    await release(one!, 'match-1');
    await claimBehindTheirBacks('2', 'match-1');
    await place.pass(3_000);
    expect(await place.events('2')).not.toContainEqual(
      expect.objectContaining({ type: 'DeallocationRequested' }),
    );
    expect(deaf.doubles).toBe(0);
  });

  /** A claim that no allocator makes: without the de-duplication id that prevents a second one. */
  async function claimBehindTheirBacks(name: string, allocationId: string): Promise<void> {
    const subject = slotSubject({ region, agent: 'm', slot: name });
    let [state, expected] = [slot.initial, 0];
    const claim = {
      type: 'RequestAllocation',
      at: START - 1,
      allocationId,
      attempt: 1,
      allocator: 'nobody',
      buildConfiguration: null,
      payload: JsonText.null,
      idleMs: null,
      terms: null,
      fresh: false,
      requestedBy: 'matchmaker',
    } as const;
    for (const command of [{ type: 'ApplyReport', at: START, report: aReport() } as const, claim]) {
      const decision = slot.decide(state, command);
      if (decision.kind === 'refused') throw new Error(decision.refusal.message);
      for (const { event, state: next } of decision.steps) {
        const record = { id: `${name}-${expected}`, source: 'test', event, state: next };
        const verdict = await place.log.append({ subject, expected, record });
        if (verdict.kind !== 'stored') throw new Error(verdict.kind);
        [state, expected] = [next, verdict.sequence];
      }
    }
  }
});

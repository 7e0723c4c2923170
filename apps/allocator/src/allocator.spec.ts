import { JsonText } from '#json';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { MemoryEventLog } from '#memory';
import type { SlotEvent } from '#slot';
import { anOffer, START } from '#testing';
import type { SlotRecord } from '#wire';
import type { Allocator } from './allocator.js';
import { aRequest, TestRegion } from '../test/support/region.js';

const ended = (allocationId: string) => ({
  region: 'eu',
  allocationId,
  reason: 'over',
  by: 'test',
});

const isClaim = (event: SlotEvent) => event.type === 'AllocationRequested';

describe('an allocator', () => {
  let region: TestRegion;
  let one: Allocator;
  let two: Allocator;

  beforeEach(async () => {
    region = new TestRegion();
    one = await region.startAllocator();
    two = await region.startAllocator();
  });
  afterEach(() => region.close());

  const types = async (slot?: string) => (await region.events(slot)).map(({ type }) => type);
  const asked = (at: Allocator, id: string, change?: object) =>
    region.kept(at.claims.allocate(aRequest(id, change)));

  test('answers with the server and the answer of the game', async () => {
    await region.own('1');
    expect(await asked(one, 'match-1')).toMatchObject({
      status: 'allocated',
      allocationId: 'match-1',
      slot: 'eu.m.1',
      token: 'secret',
      payload: JsonText.of({ slot: '1' }),
    });
    expect(await types('1')).toEqual([
      'SlotRegistered',
      'ProcessStarted',
      'AllocationRequested',
      'CallbackAcked',
    ]);
  });

  test('records who requested what, and why it got this slot', async () => {
    await region.own('1', '2');
    const what = { fleet: 'harbour', attributes: { map: 'docks' } };
    await asked(one, 'match-1', { by: 'lobby', ...what });
    await region.kept(two.claims.allocate(aRequest('match-2')));
    const [first, second] = (await region.events()).filter(isClaim);
    const grounds = { fitted: 2, alike: 2, process: 'ready' };
    expect(first).toMatchObject({ requestedBy: 'lobby', asked: what, grounds });
    const left = { fitted: 1, alike: 1, process: 'ready', passedOver: { taken: 1 } };
    expect(second).toMatchObject({ requestedBy: 'unnamed', grounds: left });
    expect(second).not.toHaveProperty('asked');
    // The state goes on without them: it is stored with every later event.
    const holder = one.pool.allocations.holderOf('match-1');
    expect(holder?.state.context.allocation).not.toHaveProperty('grounds');
  });

  test('records only the short fields of a request', async () => {
    await region.own('1');
    const attributes = { map: 'docks' };
    const fleets = ['harbour', ...Array.from({ length: 20 }, (_, each) => `${each}`.repeat(50))];
    await asked(one, 'match-1', { fleets, attributes });
    const [claim] = (await region.events()).filter(isClaim);
    expect(claim?.asked?.fleets).toEqual(fleets.slice(0, 16));
    expect(claim?.asked).toMatchObject({ attributes, leftOut: 5 });
  });

  test('gives one id one server, even if two allocators are asked at once', async () => {
    await region.own('1', '2', '3');
    const [first, second] = await Promise.all([asked(one, 'match-1'), asked(two, 'match-1')]);
    expect(first.status).toBe('allocated');
    expect(second).toEqual(first);
    expect(await region.claims()).toEqual(['match-1']);
  });

  test('gives concurrent requests different servers, and clearly refuses the rest', async () => {
    await region.own('1', '2', '3');
    const ids = Array.from({ length: 8 }, (_, index) => `match-${index}`);
    const all = await Promise.all(ids.map((id, index) => asked(index % 2 ? one : two, id)));
    const served = all.flatMap((answer) => (answer.status === 'allocated' ? [answer.slot] : []));
    expect([...served].sort()).toEqual(['eu.m.1', 'eu.m.2', 'eu.m.3']);
    const refused = all.flatMap((answer) => (answer.status === 'refused' ? [answer.code] : []));
    expect(refused).toEqual(Array<string>(5).fill('none-available'));
  });

  test('tries another server when the first refuses, under the same id', async () => {
    region.answers = { '1': 'refused', '2': 'acked' };
    await region.own('1', '2');
    for (const id of ['match-1', 'match-2', 'match-3']) {
      expect(await asked(one, id)).toMatchObject({ status: 'allocated', slot: 'eu.m.2' });
      await region.kept(one.deallocations.deallocate(ended(id)));
      await region.pass(50);
    }
    expect(await types('1')).toContain('CallbackRefused');
  });

  test('gives up on a silent server at the deadline of its callback', async () => {
    region.answers = { '1': null };
    await region.own('1');
    const answer = one.claims.allocate(aRequest('match-1'));
    await region.pass(500);
    await region.report('2', 0, {});
    expect(await region.kept(answer)).toMatchObject({ status: 'allocated', slot: 'eu.m.2' });
    expect(await types('1')).toContain('CallbackTimedOut');
  });

  test('gives up on a request after a limited number of refusals', async () => {
    const slots = ['1', '2', '3', '4', '5', '6'];
    region.answers = Object.fromEntries(slots.map((slot) => [slot, 'refused']));
    await region.own(...slots);
    expect(await asked(one, 'match-1')).toMatchObject({ code: 'callback-failed' });
  });

  test('tells a requester that asks again how its session ended', async () => {
    await region.own('1');
    await asked(one, 'match-1');
    expect(await region.kept(one.deallocations.deallocate(ended('match-1')))).toMatchObject({
      status: 'deallocated',
      slot: 'eu.m.1',
    });
    await region.pass(50);
    expect(await asked(two, 'match-1')).toMatchObject({ status: 'refused', code: 'ended' });
    expect(await region.kept(two.deallocations.deallocate(ended('match-1')))).toMatchObject({
      status: 'deallocated',
    });
  });

  test('ends an idle session once, within a second of its time, though eight allocators watch', async () => {
    for (let count = 3; count <= 8; count += 1) await region.startAllocator();
    await region.own('1');
    await asked(one, 'match-1', { idleTtlMs: 5_000 });
    const acked = (await region.events('1')).find(({ type }) => type === 'CallbackAcked');
    await region.pass(10_000);
    const ends = (await region.events('1')).filter(({ type }) => type === 'TtlExpired');
    expect(ends).toHaveLength(1);
    const lateMs = (ends[0]?.at ?? 0) - (acked?.at ?? START) - 5_000;
    expect(lateMs).toBeGreaterThanOrEqual(0);
    expect(lateMs).toBeLessThan(1_000);
  });

  test('lets other allocators end a session when the allocator that claimed it is gone', async () => {
    await region.own('1');
    await asked(one, 'match-1', { idleTtlMs: 5_000 });
    region.stop(one);
    await region.pass(7_000);
    expect(await types('1')).toContain('TtlExpired');
  });

  test('gives a slot that somebody wrote about while it was claimed, to who does not wait', async () => {
    await region.own('1');
    await region.pass(50);
    const append = region.log.append.bind(region.log);
    let isFirst = true;
    region.log.append = async (appending) => {
      if (isFirst && appending.record.event.type === 'AllocationRequested') {
        isFirst = false;
        await region.agent.report('1', 0, { offer: anOffer({ priority: 7 }) }, two);
      }
      return append(appending);
    };
    expect(await asked(one, 'match-1')).toMatchObject({ status: 'allocated', slot: 'eu.m.1' });
    expect(isFirst).toBe(false);
    expect((await types('1')).slice(-3)).toEqual([
      ...['SlotRegistered', 'AllocationRequested', 'CallbackAcked'],
    ]);
  });

  test('does not offer a slot with an unreadable event', async () => {
    await region.own('1');
    const log = region.log as MemoryEventLog<SlotRecord>;
    log.corrupt('slot.eu.m.1', new TextEncoder().encode('not an event'));
    await region.pass(50);
    expect(await asked(one, 'match-1')).toMatchObject({ code: 'none-available' });
  });

  test('continues from the last readable event when an operator repairs a slot', async () => {
    await region.own('1');
    await asked(one, 'match-1');
    const log = region.log as MemoryEventLog<SlotRecord>;
    log.corrupt('slot.eu.m.1', new TextEncoder().encode('not an event'));
    await region.pass(50);
    // An allocator that starts now also knows the slot as it was before.
    const three = await region.startAllocator();
    expect(await region.kept(three.deallocations.deallocate(ended('match-1')))).toMatchObject({
      status: 'refused',
    });
    const repair = { ...{ region: 'eu', agent: 'm', slot: '1' }, direction: 'repair' } as const;
    const request = { ...repair, reason: 'a stray message', by: 'ann', force: false };
    const done = { status: 'directed', slots: [{ slot: 'eu.m.1', outcome: 'done' }] };
    expect(await region.kept(three.operations.direct(request))).toEqual(done);
    await region.pass(50);
    expect(await region.kept(one.operations.direct(request))).toEqual(done);
    const repairs = (await region.events('1')).filter(({ type }) => type === 'SlotRepaired');
    expect(repairs).toMatchObject([{ reason: 'a stray message', by: 'ann' }]);
    expect(await asked(two, 'match-1')).toMatchObject({ status: 'allocated', slot: 'eu.m.1' });
    expect(await region.kept(one.deallocations.deallocate(ended('match-1')))).toMatchObject({
      status: 'deallocated',
    });
    await region.pass(500);
    expect(await asked(two, 'match-2')).toMatchObject({ status: 'allocated', slot: 'eu.m.1' });
  });

  test('registers a slot whose first message nobody can read, once an operator repairs it', async () => {
    const log = region.log as MemoryEventLog<SlotRecord>;
    log.corrupt('slot.eu.m.1', new TextEncoder().encode('not an event'));
    await region.own('1');
    await region.pass(2_000);
    expect(await region.events('1')).toEqual([]);
    const which = { ...{ region: 'eu', agent: 'm', slot: '1' }, direction: 'repair' } as const;
    const repair = { ...which, reason: 'a stray message', by: 'ann', force: false };
    expect(await region.kept(one.operations.direct(repair))).toMatchObject({
      slots: [{ slot: 'eu.m.1', outcome: 'done' }],
    });
    await region.own('1');
    await region.pass(50);
    expect(await asked(two, 'match-1')).toMatchObject({ status: 'allocated', slot: 'eu.m.1' });
    expect((await types('1')).slice(0, 2)).toEqual(['SlotRepaired', 'SlotRegistered']);
  });

  test('does not know an allocation that was never granted', async () => {
    expect(await region.kept(one.deallocations.deallocate(ended('match-0')))).toMatchObject({
      code: 'unknown-allocation',
    });
  });
});

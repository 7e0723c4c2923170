import { describe, expect, test } from '@jest/globals';
import type { SlotState } from '#slot';
import {
  after,
  anything,
  claimed,
  poolOf,
  registered,
  unremarkable,
} from '../test/support/pools.js';

describe('a pool', () => {
  test('offers each free slot once', () => {
    const pool = poolOf({ 'slot.eu.m1.1': registered() });
    expect(pool.hold(anything)?.subject).toBe('slot.eu.m1.1');
    expect(pool.hold(anything)).toBeUndefined();
    pool.release('slot.eu.m1.1');
    expect(pool.hold(anything)?.subject).toBe('slot.eu.m1.1');
  });

  test('does not offer a slot again that was allocated while it was held', () => {
    const free = registered();
    const pool = poolOf({ 'slot.eu.m1.1': free });
    pool.hold(anything);
    pool.apply({ subject: 'slot.eu.m1.1', sequence: 2, at: 0, state: claimed(free) });
    pool.release('slot.eu.m1.1');
    expect(pool.hold(anything)).toBeUndefined();
    expect(pool.allocations.holderOf('match-1')?.sequence).toBe(2);
  });

  test('prefers lower priority numbers, then warm to cold', () => {
    const pool = poolOf({
      'slot.eu.m1.cloud': registered({ priority: 1 }),
      'slot.eu.m1.cold': registered({ priority: 0 }, false),
      'slot.eu.m1.warm': registered({ priority: 0 }),
    });
    const order = [1, 2, 3].map(() => pool.hold(anything)?.subject.split('.')[3]);
    expect(order).toEqual(['warm', 'cold', 'cloud']);
  });

  test('fills machines that are nearly full before it uses empty ones', () => {
    const pool = poolOf({
      'slot.eu.empty.1': registered(),
      'slot.eu.empty.2': registered(),
      'slot.eu.full.1': registered(),
    });
    expect(pool.hold(anything)?.subject).toBe('slot.eu.full.1');
  });

  test('ignores events older than the newest one', () => {
    const free = registered();
    const pool = poolOf({});
    expect(pool.apply({ subject: 'slot.eu.m1.1', sequence: 5, at: 0, state: claimed(free) })).toBe(
      true,
    );
    expect(pool.apply({ subject: 'slot.eu.m1.1', sequence: 4, at: 0, state: free })).toBe(false);
    expect(pool.hold(anything)).toBeUndefined();
  });

  test('does not offer a slot with an unreadable event, until a readable one follows', () => {
    const free = registered();
    const pool = poolOf({ 'slot.eu.m1.1': free });
    pool.quarantine('slot.eu.m1.1', 2);
    expect(pool.hold(anything)).toBeUndefined();
    expect(pool.slots.sequenceOf('slot.eu.m1.1')).toBe(2);
    pool.apply({ subject: 'slot.eu.m1.1', sequence: 3, at: 0, state: free });
    expect(pool.hold(anything)?.sequence).toBe(3);
  });

  test('lists what is due, until the deadline is gone', () => {
    const held = claimed(registered());
    const pool = poolOf({ 'slot.eu.m1.1': held });
    expect(pool.due(1_009)).toEqual([]);
    expect(pool.due(1_010).map(({ subject }) => subject)).toEqual(['slot.eu.m1.1']);
    pool.apply({
      subject: 'slot.eu.m1.1',
      sequence: 2,
      at: 1_010,
      state: after(held, { type: 'Expire', at: 1_010 }),
    });
    expect(pool.due(10_000)).toEqual([]);
  });

  test('counts the failures of an allocation, and remembers how it ended', () => {
    const timedOut = after(claimed(registered()), { type: 'Expire', at: 1_010 });
    const released = after(claimed(registered(), 'match-2'), {
      type: 'Deallocate',
      at: 20,
      allocationId: 'match-2',
      reason: 'over',
      by: 'me',
    });
    const pool = poolOf({ 'slot.eu.m1.1': timedOut, 'slot.eu.m1.2': released });
    expect(pool.allocations.failuresOf('match-1')).toBe(1);
    expect(pool.allocations.endOf('match-1')).toBeUndefined();
    expect(pool.allocations.endOf('match-2')?.end.by).toBe('DeallocationRequested');
  });

  test('does not undo a count of failures or an end because of events that it reads late', () => {
    const { context, value } = after(claimed(registered()), { type: 'Expire', at: 1_010 });
    const { lastEnd } = context;
    if (lastEnd === null) throw new Error('it has ended');
    const endedAs = (change: Partial<typeof lastEnd>): SlotState => ({
      value,
      context: { ...context, allocation: null, lastEnd: { ...lastEnd, ...change } },
    });
    const { allocations } = poolOf({});
    allocations.remember('slot.eu.m1.2', endedAs({ attempt: 2, reason: 'the second' }));
    allocations.remember('slot.eu.m1.1', endedAs({ attempt: 1, reason: 'the first' }));
    expect(allocations.failuresOf('match-1')).toBe(2);
    expect(allocations.lastFailureOf('match-1')).toBe('the second');

    const over = { outcome: 'over', allocationId: 'match-2' } as const;
    allocations.remember('slot.eu.m1.2', endedAs({ ...over, at: 2_000 }));
    allocations.remember('slot.eu.m1.1', endedAs({ ...over, at: 1_500 }));
    expect(allocations.endOf('match-2')).toMatchObject({ subject: 'slot.eu.m1.2' });
  });

  test('counts every failure of a server, whatever reason it gives', () => {
    const held = claimed(registered());
    const refuse = { type: 'RefuseClaim', at: 20, fence: 1, cause: 'fleet-maximum' } as const;
    const pool = poolOf({ 'slot.eu.m1.1': after(held, refuse) });
    expect(pool.allocations.failuresOf('match-1')).toBe(1);
    expect(pool.allocations.serverFailuresOf('match-1')).toBe(0);

    const { offer: offered, incarnation } = held.context;
    const forged = {
      outcome: 'refused',
      reason: "beyond the fleet's maximum",
      cause: 'game',
    } as const;
    const said = { ...unremarkable, process: null, clearedFence: 0 };
    const session = { fence: 1, callback: forged, players: null, exit: null, crashes: 0 };
    const report = { ...said, offer: offered!, incarnation, session };
    const other = poolOf({ 'slot.eu.m1.1': after(held, { type: 'ApplyReport', at: 20, report }) });
    expect(other.allocations.serverFailuresOf('match-1')).toBe(1);
  });

  test('learns how a session ended even from an event older than the newest one', () => {
    const free = registered();
    const released = after(claimed(free), {
      type: 'Deallocate',
      at: 20,
      allocationId: 'match-1',
      reason: 'over',
      by: 'me',
    });
    const pool = poolOf({});
    pool.apply({ subject: 'slot.eu.m1.1', sequence: 9, at: 0, state: free });
    expect(pool.apply({ subject: 'slot.eu.m1.1', sequence: 5, at: 0, state: released })).toBe(
      false,
    );
    expect(pool.allocations.endOf('match-1')?.end.by).toBe('DeallocationRequested');
  });

  test('lists an allocation that is on two slots, until one of them has ended', () => {
    const held = claimed(registered());
    const pool = poolOf({ 'slot.eu.m1.1': held, 'slot.eu.m1.2': held });
    const subjects = ['slot.eu.m1.1', 'slot.eu.m1.2'];
    expect([...pool.allocations.duplicates]).toEqual([{ allocationId: 'match-1', subjects }]);
    const state = after(held, {
      type: 'Deallocate',
      at: 20,
      allocationId: 'match-1',
      reason: 'duplicate',
      by: 'me',
    });
    pool.apply({ subject: 'slot.eu.m1.1', sequence: 9, at: 0, state });
    expect([...pool.allocations.duplicates]).toEqual([]);
    expect(pool.allocations.holderOf('match-1')?.subject).toBe('slot.eu.m1.2');
  });

  test('forgets the holder once the slot is cleared', () => {
    const ended = after(claimed(registered()), { type: 'Expire', at: 1_010 });
    const pool = poolOf({ 'slot.eu.m1.1': ended });
    expect(pool.allocations.holderOf('match-1')).toBeDefined();
    const { offer: offered, incarnation } = ended.context;
    const report = {
      offer: offered!,
      incarnation,
      process: null,
      session: null,
      clearedFence: 1,
      ...unremarkable,
    };
    const cleared = after(ended, { type: 'ApplyReport', at: 1_020, report });
    pool.apply({ subject: 'slot.eu.m1.1', sequence: 2, at: 0, state: cleared });
    expect(pool.allocations.holderOf('match-1')).toBeUndefined();
  });

  test('forgets the holder once the slot is retired without having been cleared', () => {
    const ended = after(claimed(registered()), { type: 'Expire', at: 1_010 });
    const pool = poolOf({ 'slot.eu.m1.1': ended });
    const retired = after(ended, { type: 'Retire', at: 1_020, reason: 'over', by: 'me' });
    pool.apply({ subject: 'slot.eu.m1.1', sequence: 2, at: 0, state: retired });
    expect(pool.allocations.holderOf('match-1')).toBeUndefined();
    expect(pool.allocations.failuresOf('match-1')).toBe(1);
  });

  test('offers no more slots of a fleet than its maximum, and says which fleet is at it', () => {
    const free = registered();
    const pool = poolOf({
      'slot.eu.m1.1': free,
      'slot.eu.m1.2': free,
      'slot.eu.m1.other': registered({ fleet: 'other', priority: 1 }),
    });
    pool.capacity.limit('arena', 1);
    expect(pool.hold({ ...anything, fleet: 'arena' })).toBeDefined();
    expect(pool.hold({ ...anything, fleet: 'arena' })).toBeUndefined();
    expect(pool.holdSlot('slot.eu.m1.2')).toBeUndefined();
    expect(pool.capacity.fullFor(anything)).toEqual({ fleet: 'arena', max: 1 });
    expect(pool.hold(anything)?.subject).toBe('slot.eu.m1.other');
    pool.release('slot.eu.m1.1');
    expect(pool.capacity.fullFor({ ...anything, fleet: 'arena' })).toBeUndefined();
    pool.capacity.limit('arena', 0);
    expect(pool.hold(anything)).toBeUndefined();
    pool.capacity.limit('arena', null);
    expect(pool.hold(anything)).toBeDefined();
  });

  test('announces one free slot of each kind once a fleet has room again', () => {
    const told: string[][] = [];
    const pool = poolOf({});
    pool.listen({
      offered: () => undefined,
      allocated: () => undefined,
      reopened: (heads) => {
        told.push(heads.map(({ subject }) => subject));
        return pool.holdSlot(heads[0]?.subject ?? '') !== undefined;
      },
    });
    const held = claimed(registered());
    pool.apply({ subject: 'slot.eu.m1.1', sequence: 1, at: 0, state: held });
    pool.apply({ subject: 'slot.eu.m1.2', sequence: 2, at: 0, state: registered() });
    pool.apply({ subject: 'slot.eu.m1.3', sequence: 3, at: 0, state: registered() });
    pool.apply({ subject: 'slot.eu.m1.4', sequence: 4, at: 0, state: registered({}, false) });
    pool.capacity.limit('arena', 1);
    expect(told).toEqual([]);
    const state = after(held, { type: 'Expire', at: 1_010 });
    pool.apply({ subject: 'slot.eu.m1.1', sequence: 5, at: 0, state });
    expect(told).toEqual([['slot.eu.m1.2', 'slot.eu.m1.4']]);
    pool.capacity.limit('arena', 9);
    expect(told.slice(1)).toEqual([['slot.eu.m1.3', 'slot.eu.m1.4'], ['slot.eu.m1.4'], []]);
  });

  test('counts slots by their state in their fleet, and finds them', () => {
    const free = registered();
    const warmth = (state: SlotState, to: boolean | null) =>
      after(state, { type: 'SetWarmth', at: 2, warmth: to });
    const pool = poolOf({
      'slot.eu.m1.1': warmth(free, true),
      'slot.eu.m1.2': warmth(registered({}, false), true),
      'slot.eu.m2.1': warmth(free, true),
      'slot.eu.m1.3': warmth(free, false),
      'slot.eu.m1.4': free,
      'slot.eu.m1.5': registered({}, false),
      'slot.eu.m1.6': claimed(free),
      'slot.eu.m1.7': after(free, { type: 'Drain', at: 2, reason: '', by: '' }),
      'slot.eu.m1.8': after(free, { type: 'LoseAgent', at: 2 }),
    });
    expect(pool.fleets.countsOf('arena')).toEqual({
      taken: 1,
      desiredWarm: 3,
      desiredCold: 1,
      unmanagedWarm: 1,
      unmanagedCold: 1,
      ready: 3,
    });
    const warm = (most: number, first: 'fullest' | 'emptiest') =>
      pool.fleets.slotsOf('arena', 'desiredWarm', most, first).map(({ subject }) => subject);
    expect(warm(1, 'fullest')).toEqual(['slot.eu.m2.1']);
    expect(warm(2, 'emptiest')).toEqual(['slot.eu.m1.1', 'slot.eu.m1.2']);
    expect([...pool.fleets.names]).toEqual(['arena']);
    pool.apply({
      subject: 'slot.eu.m1.6',
      sequence: 99,
      at: 0,
      state: registered({ fleet: 'other' }),
    });
    expect([...pool.fleets.names]).toEqual(['arena', 'other']);
  });

  // GameFabric's worked example of its matching rule.
  test.each([
    [{}, ['A', 'B']],
    [{ env: 'prod' }, ['A']],
    [{ env: 'stag' }, ['B']],
    [{ canary: 'true' }, ['C']],
    [{ env: 'dev' }, []],
  ])('finds with attributes %j the slots %j', (attributes, expected) => {
    const pool = poolOf({
      'slot.eu.m.A': registered({ attributes: { env: 'prod' } }),
      'slot.eu.m.B': registered({ attributes: { env: 'stag' } }),
      'slot.eu.m.C': registered({
        attributes: { env: 'stag', canary: 'true' },
        requiredAttributes: ['canary'],
      }),
    });
    const found: string[] = [];
    for (let pick = pool.hold({ attributes }); pick; pick = pool.hold({ attributes })) {
      found.push(pick.subject.split('.')[3] ?? '');
    }
    expect(found.sort()).toEqual(expected);
  });
});

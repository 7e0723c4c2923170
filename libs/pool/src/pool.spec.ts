import { describe, expect, test } from '@jest/globals';
import type { SlotState } from '#slot';
import { after, anything, claimed, poolOf, registered } from '../test/support/pools.js';

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

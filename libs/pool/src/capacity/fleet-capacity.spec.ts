import { describe, expect, test } from '@jest/globals';
import { after, anything, claimed, poolOf, registered } from '../../test/support/pools.js';

describe("a pool with a fleet's maximum", () => {
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
});

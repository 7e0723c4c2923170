import { describe, expect, test } from '@jest/globals';
import { slot, type SlotState } from '#slot';
import { anything, claimed, poolOf, registered } from '../test/support/pools.js';

describe('Slots whose games do not start', () => {
  const failed = (state: SlotState, failedStarts: number): SlotState => {
    const at = 1_000;
    const reason = 'no such file';
    const refuse = {
      type: 'CallbackRefused',
      at,
      cause: 'not-started',
      reason,
      failedStarts,
    } as const;
    const over = slot.evolve(claimed(state), refuse);
    return slot.evolve(over, { type: 'SlotCleared', at, process: null, remark: '' });
  };
  const failing = (times: number, change: Parameters<typeof registered>[0] = {}) =>
    Array.from({ length: times }).reduce<SlotState>(
      (state, _, index) => failed(state, index + 1),
      registered(change),
    );

  test('are used last, whatever their priority', () => {
    const pool = poolOf({
      'slot.eu.m1.1': failing(1, { priority: 0 }),
      'slot.eu.m1.2': registered({ priority: 9 }),
    });
    expect(pool.hold(anything)?.subject).toBe('slot.eu.m1.2');
    expect(pool.hold(anything)?.subject).toBe('slot.eu.m1.1');
  });

  test('are not used after the third failure in a row until a pause is over, and then once', () => {
    const pool = poolOf({ 'slot.eu.m1.1': failing(3) });
    expect(pool.hold(anything)).toBeUndefined();
    expect(pool.withheldFor(anything)).toEqual({ slots: 1, until: 31_000 });
    pool.tryAgain(30_999);
    expect(pool.hold(anything)).toBeUndefined();
    pool.tryAgain(31_000);
    expect(pool.withheldFor(anything)).toEqual({ slots: 0, until: Infinity });
    expect(pool.hold(anything)?.subject).toBe('slot.eu.m1.1');
    pool.apply({ subject: 'slot.eu.m1.1', sequence: 9, at: 31_000, state: failing(4) });
    pool.release('slot.eu.m1.1');
    expect(pool.hold(anything)).toBeUndefined();
    expect(pool.withheldFor(anything)).toEqual({ slots: 1, until: 61_000 });
  });

  test('are listed by fleet, up to a limit', () => {
    const subject = 'slot.eu.m1.1';
    const pool = poolOf({ [subject]: failing(1), 'slot.eu.m1.2': registered() });
    const arena = (most = 9) => pool.faults.ofFleet('arena', most).map((head) => head.subject);
    expect(arena()).toEqual([subject]);
    expect(arena(0)).toEqual([]);
    pool.apply({ subject, sequence: 8, at: 0, state: failing(1, { fleet: 'docks' }) });
    expect(arena()).toEqual([]);
    expect(pool.faults.ofFleet('docks', 9)).toHaveLength(1);
    pool.apply({ subject, sequence: 9, at: 0, state: registered() });
    expect(pool.faults.ofFleet('docks', 9)).toEqual([]);
  });

  test('do not count as withheld once they have an unreadable event', () => {
    const pool = poolOf({ 'slot.eu.m1.1': failing(3) });
    pool.quarantine('slot.eu.m1.1', 7);
    expect(pool.withheldFor(anything)).toEqual({ slots: 0, until: Infinity });
  });
});

test('A request that names several fleets gets a slot of one of them', () => {
  const pool = poolOf({
    'slot.eu.m1.1': registered({ fleet: 'arena', priority: 0 }),
    'slot.eu.m1.2': registered({ fleet: 'docks', priority: 1 }),
    'slot.eu.m1.3': registered({ fleet: 'caves', priority: 2 }),
  });
  const of = (...fleets: readonly string[]) => pool.hold({ ...anything, fleets })?.subject;
  expect(of('docks', 'caves')).toBe('slot.eu.m1.2');
  expect(of('docks')).toBeUndefined();
  expect(of('docks', 'caves')).toBe('slot.eu.m1.3');
});

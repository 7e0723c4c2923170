import { describe, expect, test } from '@jest/globals';
import type { SlotState } from '#slot';
import { after, claimed, poolOf, registered, unremarkable } from '../../test/support/pools.js';

describe('what a pool knows of allocations', () => {
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
});

import type { LogItem } from '#kernel';
import { slot, type SlotEvent } from '#slot';
import { anEvent, past } from '#testing';
import type { SlotRecord } from '#wire';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { SlotView } from './slot-view.js';

let view: SlotView;
let sequence: number;
beforeEach(() => {
  view = new SlotView();
  sequence = 0;
});

/** Passes the last of these events to the view, as a watch does. */
function tell(name: string, events: readonly SlotEvent[]): void {
  const state = events.reduce((known, event) => slot.evolve(known, event), slot.initial);
  const record = { id: 'f', source: 'berth/allocator/a', event: events.at(-1)!, state };
  view.receive({ kind: 'recorded', subject: `slot.${name}`, sequence: ++sequence, record });
}

const names = (page: { entries: readonly { name: string }[] }) => page.entries.map((e) => e.name);

describe('the view of slots', () => {
  it('shows the latest state of each slot, even if older events arrive late', () => {
    tell('local.a.1', past.warm);
    const late: LogItem<SlotRecord> = {
      kind: 'recorded',
      subject: 'slot.local.a.1',
      sequence: 0,
      record: { id: 'f', source: 's', event: anEvent('SlotRegistered'), state: slot.initial },
    };
    view.receive(late);
    expect(view.get('local.a.1')).toMatchObject({
      sequence: 1,
      state: { value: { available: 'warm' } },
    });
  });

  it('accepts lower sequences of a region that it has cleared, and keeps the other regions', () => {
    tell('eu.a.1', past.live);
    tell('local.a.1', past.warm);
    tell('local.a.2', past.live);
    const { id } = view.get('local.a.2')!.state.context.allocation!;
    view.forget('local');
    expect(view.latest('local')).toBe(0);
    expect(names(view.page({}, undefined, 9))).toEqual(['eu.a.1']);
    expect(view.holderOf(id)?.name).not.toBe('local.a.2');
    sequence = 0;
    tell('local.a.1', past.live);
    expect(view.get('local.a.1')).toMatchObject({ sequence: 1 });
    expect(view.holderOf(id)?.name).toBe('local.a.1');
  });

  it('pages through the matching slots, sorted by name', () => {
    for (const name of ['local.b.1', 'local.a.2', 'eu.a.1', 'local.a.1']) tell(name, past.cold);
    tell('local.a.3', past.live);
    const filter = { region: 'local', status: 'available' } as const;
    const first = view.page(filter, undefined, 2);
    expect(names(first)).toEqual(['local.a.1', 'local.a.2']);
    const second = view.page(filter, first.next, 2);
    expect(names(second)).toEqual(['local.b.1']);
    expect(second.next).toBeUndefined();
  });

  it('gives no next page when the last page is exactly full', () => {
    tell('local.a.1', past.cold);
    expect(view.page({}, undefined, 1).next).toBeUndefined();
  });

  it('finds the slot that holds an allocation, and the slot that held it last', () => {
    tell('local.a.1', past.live);
    expect(view.holderOf('match-1')?.name).toBe('local.a.1');
    tell('local.a.1', past.deallocated);
    expect(view.holderOf('match-1')).toBeUndefined();
    tell('local.a.1', past.cleared);
    expect(view.lastHolderOf('match-1')?.name).toBe('local.a.1');
  });

  it('follows an allocation to its next slot, in whatever order the events arrive', () => {
    tell('local.a.1', past.awaiting);
    tell('local.a.2', past.live);
    tell('local.a.1', [...past.awaiting, anEvent('CallbackTimedOut')]);
    expect(view.holderOf('match-1')?.name).toBe('local.a.2');
  });

  it('forgets a retired slot', () => {
    tell('local.a.1', past.cleared);
    tell('local.a.1', [...past.cleared, anEvent('SlotRetired')]);
    expect(view.get('local.a.1')).toBeUndefined();
    expect(view.lastHolderOf('match-1')).toBeUndefined();
    expect(names(view.page({}, undefined, 10))).toEqual([]);
  });

  it('keeps the last known state of a slot whose last message cannot be read, and says so', () => {
    tell('local.a.1', past.warm);
    view.receive({
      kind: 'unreadable',
      subject: 'slot.local.a.1',
      sequence: 9,
      reason: 'not JSON',
    });
    expect(view.get('local.a.1')).toMatchObject({
      sequence: 9,
      unreadable: 'not JSON',
      state: { value: { available: 'warm' } },
    });
    expect(view.latest('local')).toBe(9);
  });
});

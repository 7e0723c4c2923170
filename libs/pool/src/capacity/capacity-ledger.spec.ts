import { slot, type SlotEvent, type SlotState } from '#slot';
import { anEvent, past } from '#testing';
import { describe, expect, it } from '@jest/globals';
import { PlacedList } from '../collections/placed-list.js';
import { SlotEntry } from '../slot-entry.js';
import { CapacityLedger } from './capacity-ledger.js';

const after = (events: readonly SlotEvent[]): SlotState =>
  events.reduce((state, event) => slot.evolve(state, event), slot.initial);

const awaiting = after([...past.warm, anEvent('AllocationRequested')]);
const live = after(past.live);
const free = after(past.warm);

/** A ledger with the slots that are put into it. */
class Told {
  readonly ledger = new CapacityLedger();
  private readonly entries = new Map<string, SlotEntry>();

  put(subject: string, sequence: number, state: SlotState): this {
    const head = { subject, sequence, at: 0, state };
    const agent = { name: 'm', slots: new PlacedList<'agentPlace', SlotEntry>('agentPlace') };
    const known = this.entries.get(subject);
    const before = known?.head;
    const entry = known ?? new SlotEntry({ ...agent, incarnation: 0, isCordoned: false }, head);
    entry.head = head;
    this.entries.set(subject, entry);
    this.ledger.put(entry, before);
    return this;
  }

  entry(subject: string): SlotEntry {
    return this.entries.get(subject)!;
  }

  isBeyond(subject: string, max: number): boolean {
    return this.ledger.isBeyond(this.entry(subject), max);
  }
}

describe("A fleet's capacity", () => {
  it('goes to the first claims in the log, in whatever order they are read', () => {
    const told = new Told().put('b', 20, awaiting).put('a', 10, awaiting);
    expect(told.isBeyond('a', 1)).toBe(false);
    expect(told.isBeyond('b', 1)).toBe(true);
    expect(told.isBeyond('b', 2)).toBe(false);
  });

  it('is used by acknowledged sessions first, whenever they were claimed', () => {
    const told = new Told().put('a', 10, awaiting).put('b', 30, live);
    expect(told.isBeyond('a', 1)).toBe(true);
    expect(told.isBeyond('b', 1)).toBe(false);
  });

  it('is free again when a session has ended', () => {
    const told = new Told().put('a', 10, awaiting).put('b', 20, awaiting).put('a', 30, free);
    expect(told.isBeyond('b', 1)).toBe(false);
    expect(told.ledger.claimOf(told.entry('a'))).toBeUndefined();
  });

  it('is counted by the position of the claim, not of the first event that was read', () => {
    const told = new Told().put('a', 25, awaiting).put('b', 20, awaiting);
    expect(told.isBeyond('b', 1)).toBe(false);
    const earlier = { subject: 'a', sequence: 10, at: 0, state: awaiting };
    told.ledger.putEarlier(told.entry('a'), earlier);
    expect(told.ledger.claimOf(told.entry('a'))).toBe(10);
    expect(told.isBeyond('b', 1)).toBe(true);
  });

  it('is used by every claim whose position is unknown', () => {
    const told = new Told();
    told.ledger.readFrom(50);
    for (const [index, subject] of ['a', 'b', 'c'].entries()) {
      told.put(subject, 40 + index, awaiting);
    }
    told.put('d', 60, awaiting);
    for (const subject of ['a', 'b', 'c', 'd']) expect(told.isBeyond(subject, 3)).toBe(true);
    for (const subject of ['a', 'b', 'c', 'd']) expect(told.isBeyond(subject, 4)).toBe(false);
  });
});

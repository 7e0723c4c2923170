import { slot, type SlotEvent, type SlotState } from '#slot';
import { anEvent, past } from '#testing';
import { describe, expect, it } from '@jest/globals';
import { Seats } from './seats.js';

const after = (events: readonly SlotEvent[]): SlotState =>
  events.reduce((state, event) => slot.evolve(state, event), slot.initial);

const awaiting = after([...past.warm, anEvent('AllocationRequested')]);
const live = after(past.live);
const free = after(past.warm);

function seatsOf(...learned: readonly [subject: string, sequence: number, state: SlotState][]) {
  const seats = new Seats();
  for (const [subject, sequence, state] of learned) seats.learn({ subject, sequence, state });
  return seats;
}

describe('The seats of a fleet', () => {
  it('go to who was first in the log, in whatever order that is learned', () => {
    const seats = seatsOf(['b', 20, awaiting], ['a', 10, awaiting]);
    expect(seats.isBeyond('a', 1)).toBe(false);
    expect(seats.isBeyond('b', 1)).toBe(true);
    expect(seats.isBeyond('b', 2)).toBe(false);
  });

  it('are taken by sessions that are acknowledged, whenever those were claimed', () => {
    const seats = seatsOf(['a', 10, awaiting], ['b', 30, live]);
    expect(seats.isBeyond('a', 1)).toBe(true);
    expect(seats.isBeyond('b', 1)).toBe(false);
  });

  it('are free again when a session has ended', () => {
    const seats = seatsOf(['a', 10, awaiting], ['b', 20, awaiting], ['a', 30, free]);
    expect(seats.isBeyond('b', 1)).toBe(false);
    expect(seats.claimOf('a')).toBeUndefined();
  });

  it('are counted by the claim, not by what was read of it first', () => {
    const seats = seatsOf(['a', 25, awaiting], ['b', 20, awaiting]);
    expect(seats.isBeyond('b', 1)).toBe(false);
    seats.learnEarlier({ subject: 'a', sequence: 10, state: awaiting });
    expect(seats.claimOf('a')).toBe(10);
    expect(seats.isBeyond('b', 1)).toBe(true);
  });

  it('are taken by every claim of which the place is not known', () => {
    const seats = new Seats();
    seats.readFrom(50);
    for (const [index, subject] of ['a', 'b', 'c'].entries()) {
      seats.learn({ subject, sequence: 40 + index, state: awaiting });
    }
    seats.learn({ subject: 'd', sequence: 60, state: awaiting });
    for (const subject of ['a', 'b', 'c', 'd']) expect(seats.isBeyond(subject, 3)).toBe(true);
    for (const subject of ['a', 'b', 'c', 'd']) expect(seats.isBeyond(subject, 4)).toBe(false);
  });
});

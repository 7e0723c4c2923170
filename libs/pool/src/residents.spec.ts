import { beforeEach, describe, expect, test } from '@jest/globals';
import { SeededRandom } from '#memory';
import { slot, type SlotEvent } from '#slot';
import { anEvent, past, START } from '#testing';
import { Pool } from './pool.js';

const machine = 'slot.eu.m1';
const wish = { attributes: { map: 'docks' } };

let pool: Pool;
let sequence: number;
beforeEach(() => {
  pool = new Pool(new SeededRandom(1));
  sequence = 0;
});

function tell(subject: string, events: readonly SlotEvent[]): void {
  const state = events.reduce((known, event) => slot.evolve(known, event), slot.initial);
  pool.apply({ subject, sequence: ++sequence, state });
}

const free = () => pool.counts.free;

describe('a machine', () => {
  test('is known by its slots, and forgotten with the last of them', () => {
    tell('slot.eu.m1.1', past.warm);
    tell('slot.eu.m1.2', past.live);
    tell('slot.eu.m2.1', past.cold);
    expect([...pool.machines]).toEqual([machine, 'slot.eu.m2']);
    expect(pool.slotsOf(machine).map(({ subject }) => subject)).toEqual([
      'slot.eu.m1.1',
      'slot.eu.m1.2',
    ]);
    tell('slot.eu.m2.1', [...past.cold, anEvent('SlotRetired')]);
    expect([...pool.machines]).toEqual([machine]);
    expect(pool.slotsOf('slot.eu.m2')).toEqual([]);
  });

  test("tells the latest start of its agent that any slot's log knows", () => {
    tell('slot.eu.m1.1', [anEvent('SlotRegistered', { incarnation: START + 5 })]);
    tell('slot.eu.m1.2', past.warm);
    expect(pool.incarnationOf(machine)).toBe(START + 5);
    expect(pool.incarnationOf('slot.eu.m2')).toBe(0);
  });

  test('that is withheld is not offered, nor what registers on it meanwhile', () => {
    tell('slot.eu.m1.1', past.warm);
    tell('slot.eu.m2.1', past.warm);
    pool.withhold(machine);
    tell('slot.eu.m1.2', past.warm);
    expect(free()).toBe(1);
    expect(pool.hold(wish)?.subject).toBe('slot.eu.m2.1');
    expect(pool.hold(wish)).toBeUndefined();
    pool.offerAgain(machine);
    expect(free()).toBe(2);
  });

  test('offers again only what nobody holds, and what is free', () => {
    tell('slot.eu.m1.1', past.warm);
    tell('slot.eu.m1.2', past.live);
    tell('slot.eu.m1.3', past.warm);
    const held = pool.hold(wish)?.subject ?? '';
    pool.withhold(machine);
    pool.offerAgain(machine);
    expect(free()).toBe(1);
    pool.letGo(held);
    expect(free()).toBe(2);
  });

  test('that is withheld does not offer what is let go', () => {
    tell('slot.eu.m1.1', past.warm);
    const held = pool.hold(wish)?.subject ?? '';
    pool.withhold(machine);
    pool.letGo(held);
    expect(free()).toBe(0);
  });
});

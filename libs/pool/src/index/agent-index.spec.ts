import { beforeEach, describe, expect, test } from '@jest/globals';
import { SeededRandom } from '#memory';
import { slot, type SlotEvent } from '#slot';
import { anEvent, past, START } from '#testing';
import { Pool } from '../pool.js';

const agentOf = (subject: string) => subject.split('.')[2] ?? '';
const required = { attributes: { map: 'docks' } };

let pool: Pool;
let sequence: number;
beforeEach(() => {
  pool = new Pool({ random: new SeededRandom(1), agentOf });
  sequence = 0;
});

function tell(subject: string, events: readonly SlotEvent[]): void {
  const state = events.reduce((known, event) => slot.evolve(known, event), slot.initial);
  pool.apply({ subject, sequence: ++sequence, at: 0, state });
}

const free = () => pool.counts.free;

describe('An agent', () => {
  test('is known by its slots, and forgotten with the last of them', () => {
    tell('slot.eu.m1.1', past.warm);
    tell('slot.eu.m1.2', past.live);
    tell('slot.eu.m2.1', past.cold);
    expect([...pool.agents.names]).toEqual(['m1', 'm2']);
    expect(pool.agents.slotsOf('m1').map(({ subject }) => subject)).toEqual([
      'slot.eu.m1.1',
      'slot.eu.m1.2',
    ]);
    tell('slot.eu.m2.1', [...past.cold, anEvent('SlotRetired')]);
    expect([...pool.agents.names]).toEqual(['m1']);
    expect(pool.agents.slotsOf('m2')).toEqual([]);
  });

  test('has the latest start that the log of any of its slots shows', () => {
    tell('slot.eu.m1.1', [anEvent('SlotRegistered', { incarnation: START + 5 })]);
    tell('slot.eu.m1.2', past.warm);
    expect(pool.agents.incarnationOf('m1')).toBe(START + 5);
    expect(pool.agents.incarnationOf('m2')).toBe(0);
  });

  test('that is cordoned has no slot offered, nor one that it registers meanwhile', () => {
    tell('slot.eu.m1.1', past.warm);
    tell('slot.eu.m2.1', past.warm);
    pool.agents.cordon('m1');
    tell('slot.eu.m1.2', past.warm);
    expect(free()).toBe(1);
    expect(pool.hold(required)?.subject).toBe('slot.eu.m2.1');
    expect(pool.hold(required)).toBeUndefined();
    pool.agents.uncordon('m1');
    expect(free()).toBe(2);
  });

  test('that is uncordoned has its free slots offered that are not held', () => {
    tell('slot.eu.m1.1', past.warm);
    tell('slot.eu.m1.2', past.live);
    tell('slot.eu.m1.3', past.warm);
    const held = pool.hold(required)?.subject ?? '';
    pool.agents.cordon('m1');
    pool.agents.uncordon('m1');
    expect(free()).toBe(1);
    pool.release(held);
    expect(free()).toBe(2);
  });

  test('that is cordoned has no released slot offered', () => {
    tell('slot.eu.m1.1', past.warm);
    const held = pool.hold(required)?.subject ?? '';
    pool.agents.cordon('m1');
    pool.release(held);
    expect(free()).toBe(0);
  });
});

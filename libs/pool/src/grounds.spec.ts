import { SeededRandom } from '#memory';
import { slot, type Offer, type SlotEvent, type SlotState } from '#slot';
import { anEvent, anOffer, past } from '#testing';
import { slotOfSubject } from '#wire';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { excludedBy } from './exclusions.js';
import { Pool } from './pool.js';
import type { SlotRequirements } from './slot-requirements.js';

const agentOf = (subject: string) => slotOfSubject(subject).agent;
const any = { attributes: {} };

describe('The grounds of a choice', () => {
  let pool: Pool;
  let sequence: number;

  beforeEach(() => {
    pool = new Pool({ random: new SeededRandom(1), agentOf });
    sequence = 0;
  });

  const add = (name: string, events: readonly SlotEvent[], changes: Partial<Offer> = {}) => {
    const offer = anOffer(changes);
    const registered = events.map((event) =>
      event.type === 'SlotRegistered' ? { ...event, offer } : event,
    );
    const state = registered.reduce<SlotState>(
      (before, event) => slot.evolve(before, event),
      slot.initial,
    );
    pool.apply({ subject: `slot.eu.${name}`, sequence: (sequence += 1), at: 0, state });
  };
  const failed = [...past.awaiting, anEvent('CallbackTimedOut'), anEvent('SlotCleared')];
  const withheld = [
    ...past.awaiting,
    anEvent('CallbackTimedOut', { failedStarts: 3 }),
    anEvent('SlotCleared'),
  ];

  it('say how many slots fitted, how many were equally good, and why they came before the next', () => {
    for (const name of ['m.1', 'm.2', 'm.3']) add(name, past.warm);
    add('m.4', past.cold);
    expect(pool.pick(any)?.grounds).toEqual({
      fitted: 4,
      alike: 3,
      by: 'process',
      process: 'ready',
    });
    expect(pool.pick(any)?.grounds).toMatchObject({
      fitted: 3,
      alike: 2,
      passedOver: { taken: 1 },
      held: 1,
    });
  });

  it('say how much of the log was known, unless the slot was named', () => {
    let known = { readTo: 7, ownTo: 9 };
    pool = new Pool({ random: new SeededRandom(1), agentOf: () => 'm', known: () => known });
    for (const name of ['m.1', 'm.2', 'm.3']) add(name, past.warm);
    const named = pool.pick({ ...any, slot: 'slot.eu.m.3' })?.grounds;
    expect(named).toMatchObject({ how: 'named' });
    expect(named).not.toHaveProperty('readTo');
    expect(pool.pick(any)?.grounds).toMatchObject({ readTo: 7, ownTo: 9 });
    known = { readTo: 9, ownTo: 9 };
    const { grounds } = pool.pick(any)!;
    expect(grounds).toMatchObject({ readTo: 9 });
    expect(grounds).not.toHaveProperty('ownTo');
  });

  it.each<[string, Partial<Offer>, readonly SlotEvent[], object]>([
    ['the priority', { priority: 2 }, past.warm, { by: 'priority', fitted: 2 }],
    ['failed starts', {}, failed, { by: 'failed-starts', passedOver: { failing: 1 } }],
  ])('name %s', (_, offer, events, grounds) => {
    add('m.1', past.warm, { priority: 1 });
    add('m.2', events, { priority: 1, ...offer });
    const picked = pool.pick(any);
    expect(picked?.head.subject).toBe('slot.eu.m.1');
    expect(picked?.grounds).toMatchObject({ ...grounds, priority: 1, alike: 1 });
  });

  it('count the slots that were passed over, by reason', () => {
    add('m.free', past.warm);
    add('m.taken', past.live);
    add('m.clearing', past.deallocated);
    add('m.drained', [...past.cold, anEvent('DrainRequested')]);
    add('m.mended', [...past.cold, anEvent('MaintenanceRequested')]);
    add('m.withheld', withheld);
    add('gone.1', [...past.live, anEvent('AgentLost')]);
    add('silent.1', past.warm);
    add('m.odd', past.warm);
    add('m.retired', [...past.cold, anEvent('SlotRetired')]);
    add('m.other', past.warm, { fleet: 'peaks' });
    add('m.full', past.warm, { fleet: 'islands' });
    pool.agents.cordon('silent');
    pool.quarantine('slot.eu.m.odd', 99);
    pool.capacity.limit('islands', 0);
    const fleets = ['harbour', 'islands'];
    expect(pool.pick({ ...any, fleets })?.grounds).toEqual({
      fitted: 1,
      alike: 1,
      process: 'ready',
      passedOver: {
        ...{ taken: 1, clearing: 1, drained: 1, maintenance: 1 },
        ...{ withheld: 1, lost: 2, unreadable: 1, full: 1 },
      },
    });
  });

  it('say whether the slot was named, or became free', () => {
    add('m.1', past.warm);
    add('m.2', past.live);
    const named = { ...any, slot: 'slot.eu.m.1' };
    const alone = { fitted: 1, alike: 1, process: 'ready' };
    expect(pool.pick(named)?.grounds).toEqual({ ...alone, how: 'named' });
    pool.release('slot.eu.m.1');
    const head = pool.holdSlot('slot.eu.m.1')!;
    const passedOver = { taken: 1 };
    expect(pool.groundsOfFreed(head, any)).toEqual({ ...alone, how: 'freed', passedOver });
    expect(pool.groundsOfFreed(head, named)).toEqual({ ...alone, how: 'named' });
  });

  it('are lower bounds if there are very many different offers', () => {
    for (let each = 0; each < 300; each += 1) {
      add(`m.${each}`, past.warm, { attributes: { number: `${each}` } });
    }
    expect(pool.pick(any)?.grounds).toMatchObject({ fitted: 256, atLeast: true });
  });
});

describe('What keeps every slot from fitting', () => {
  const offers = [
    anOffer({ attributes: { map: 'docks', mode: 'ranked' } }),
    anOffer({ attributes: { map: 'peaks' }, requiredAttributes: ['season'] }),
  ];

  it.each<[string, Partial<SlotRequirements>, readonly string[]]>([
    ['a fleet', { fleet: 'harbor' }, ['fleet=harbor']],
    ['all of several fleets', { fleets: ['a', 'b'] }, ['fleet=a|b']],
    ['an attribute', { attributes: { map: 'docks', mode: 'duel' } }, ['mode=duel']],
    ['a build configuration', { buildConfiguration: 'w' }, ['buildConfiguration=w']],
    ['an attribute that slots require', { attributes: { map: 'peaks' } }, ['season is not named']],
    [
      'nothing by itself',
      { attributes: { map: 'peaks', mode: 'ranked' } },
      ['all of these together'],
    ],
  ])('is %s', (_, required, conditions) => {
    expect(excludedBy({ attributes: {}, ...required }, offers)).toEqual(conditions);
  });

  it('is named in short', () => {
    const long = Object.fromEntries(
      Array.from({ length: 20 }, (_, key) => [`${key}`, 'x'.repeat(999)]),
    );
    const conditions = excludedBy({ attributes: long }, offers);
    expect(conditions.map(({ length }) => length)).toEqual(Array<number>(8).fill(128));
  });
});

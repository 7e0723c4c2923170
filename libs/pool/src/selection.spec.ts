import { SeededRandom } from '#memory';
import { slot, type GameProcess, type Offer, type SlotState } from '#slot';
import { anOffer, aProcess, aReport, START } from '#testing';
import { describe, expect, test } from '@jest/globals';
import { Pool } from './pool.js';

const any = anOffer({ runsAny: true });

function free(process: Partial<GameProcess> | null, offer: Offer = any): SlotState {
  const report = aReport({ offer, process: process && aProcess(process) });
  const decision = slot.decide(slot.initial, { type: 'ApplyReport', at: START, report });
  if (decision.kind === 'refused') throw new Error(decision.refusal.message);
  return decision.steps.at(-1)!.state;
}

/** The order in which slots are given to requests with these requirements. */
function order(states: Readonly<Record<string, SlotState>>, required: object): readonly string[] {
  const pool = new Pool({ random: new SeededRandom(1), agentOf: () => 'm' });
  Object.entries(states).forEach(([name, state], index) =>
    pool.apply({ subject: `slot.eu.m.${name}`, sequence: index + 1, at: 0, state }),
  );
  const found: string[] = [];
  for (;;) {
    const held = pool.hold({ attributes: {}, ...required });
    if (held === undefined) return found;
    found.push(held.subject.slice('slot.eu.m.'.length));
  }
}

describe('a request that names a build configuration', () => {
  const states = {
    other: free({}),
    cold: free(null),
    outdated: free({ buildConfiguration: 'winter', version: 1 }),
    current: free({ buildConfiguration: 'winter', version: 2 }),
    own: free({ buildConfiguration: 'winter' }, anOffer({ buildConfiguration: 'winter' })),
    fixed: free({}, anOffer()),
  };
  const asked = { buildConfiguration: 'winter', version: 2 };

  test('gets a slot that runs it, then one that runs nothing, then one that must be stopped', () => {
    const found = order(states, asked);
    expect(new Set(found.slice(0, 2))).toEqual(new Set(['current', 'own']));
    expect(found[2]).toBe('cold');
    expect(new Set(found.slice(3))).toEqual(new Set(['other', 'outdated']));
  });

  test('gets no slot that cannot run it', () => {
    expect(order(states, { buildConfiguration: 'winter' })).toEqual(['own']);
    expect(order({ fixed: states.fixed }, asked)).toEqual([]);
  });

  test('gets a slot that runs nothing first if a new process is wanted anyway', () => {
    expect(order(states, { ...asked, restart: true })[0]).toBe('cold');
  });

  test('still prefers the lower priority number to everything else', () => {
    const cheap = free(null, anOffer({ runsAny: true, priority: -1 }));
    expect(order({ ...states, cheap }, asked)[0]).toBe('cheap');
  });
});

describe('a request that names no build configuration', () => {
  test('gets a slot that runs what it is assigned', () => {
    const states = {
      changing: free({ buildConfiguration: 'summer', version: 3 }),
      cold: free(null),
      ready: free({}),
    };
    expect(order(states, {})).toEqual(['ready', 'cold', 'changing']);
  });

  test('may name the slot', () => {
    const states = { one: free({}), two: free({}) };
    expect(order(states, { slot: 'slot.eu.m.two' })).toEqual(['two']);
    expect(order(states, { slot: 'slot.eu.m.two', fleet: 'peaks' })).toEqual([]);
  });
});

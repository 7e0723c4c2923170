import { SeededRandom } from '#memory';
import {
  allocationOf,
  isOffered,
  nextDeadline,
  slot,
  statusOf,
  withheldUntil,
  type SlotState,
} from '#slot';
import { aLife, anEvent, START, type Life } from '#testing';
import { slotOfSubject, slotSubject } from '#wire';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Pool } from './pool.js';

const SLOTS = 9;
const FLEET = 'harbour';
const agentOf = (subject: string) => slotOfSubject(subject).agent;
const subjects = Array.from({ length: SLOTS }, (_, index) =>
  slotSubject({ region: 'eu', agent: `m${index % 3}`, slot: `${index}` }),
);

const kinds = ['event', 'event', 'event', 'event', 'old', 'hold', 'hold', 'release'] as const;
const rareKinds = ['cordon', 'uncordon', 'quarantine', 'limit', 'forget'] as const;

interface Act {
  readonly kind: (typeof kinds)[number] | (typeof rareKinds)[number];
  readonly subject: string;
}

const acts = fc.array(
  fc.record<Act>({
    kind: fc.constantFrom(...kinds, ...rareKinds),
    subject: fc.constantFrom(...subjects),
  }),
  { maxLength: 200, size: 'max' },
);
const lives = fc.array(aLife(), { minLength: SLOTS, maxLength: SLOTS });

/** A pool, and the plain facts that it was given. */
class Told {
  readonly pool = newPool();
  readonly states = new Map<string, SlotState>();
  readonly held = new Set<string>();
  readonly cordoned = new Set<string>();
  readonly quarantined = new Set<string>();
  max: number | null = null;
  private sequence = 1;

  constructor(private readonly coming: Map<string, SlotState[]>) {}

  do({ kind, subject }: Act): void {
    const { pool } = this;
    switch (kind) {
      case 'event':
        return this.next(subject);
      case 'old':
        if (this.states.has(subject)) pool.apply({ subject, sequence: 1, at: 0, state: anyState });
        return;
      case 'hold':
        if (pool.holdSlot(subject) !== undefined) this.held.add(subject);
        return;
      case 'release':
        pool.release(subject);
        this.held.delete(subject);
        return;
      case 'cordon':
        pool.agents.cordon(agentOf(subject));
        if (this.agents().has(agentOf(subject))) this.cordoned.add(agentOf(subject));
        return;
      case 'uncordon':
        pool.agents.uncordon(agentOf(subject));
        this.cordoned.delete(agentOf(subject));
        return;
      case 'quarantine':
        pool.quarantine(subject, (this.sequence += 1));
        this.quarantined.add(subject);
        return;
      case 'limit':
        this.max = this.max === null ? 2 : null;
        return pool.capacity.limit(FLEET, this.max);
      case 'forget':
        pool.forget(subject);
        for (const facts of [this.states, this.held, this.quarantined]) facts.delete(subject);
        return this.dropAgents();
      default:
        return kind satisfies never;
    }
  }

  /** Agents with slots that are not retired. */
  agents(): Set<string> {
    const listed = [...this.states].filter(([, state]) => statusOf(state) !== 'retired');
    return new Set(listed.map(([subject]) => agentOf(subject)));
  }

  /** A new pool that was given only the final facts, without the way to them. */
  afresh(): Pool {
    const pool = newPool();
    let sequence = 1;
    for (const [subject, state] of this.states) {
      pool.apply({ subject, sequence: (sequence += 1), at: 0, state });
    }
    for (const subject of this.held) pool.holdSlot(subject);
    for (const agent of this.cordoned) pool.agents.cordon(agent);
    for (const subject of this.quarantined) pool.quarantine(subject, (sequence += 1));
    pool.capacity.limit(FLEET, this.max);
    return pool;
  }

  private next(subject: string): void {
    const state = this.coming.get(subject)?.shift();
    if (state === undefined) return;
    this.pool.apply({ subject, sequence: (this.sequence += 1), at: 0, state });
    this.states.set(subject, state);
    this.quarantined.delete(subject);
    this.dropAgents();
  }

  private dropAgents(): void {
    const agents = this.agents();
    for (const agent of this.cordoned) if (!agents.has(agent)) this.cordoned.delete(agent);
  }
}

const anyState = slot.evolve(slot.initial, anEvent('SlotRegistered'));

function newPool(): Pool {
  return new Pool({ random: new SeededRandom(1), agentOf });
}

/** All that the indexes know, except what depends on the order of events. */
function summary(pool: Pool) {
  const heads = [...pool.slots.all];
  const ofFleet = (fleet: string) => {
    const { assigned, waiting, failed } = pool.rollouts.countsOf(fleet, null);
    return [fleet, pool.fleets.countsOf(fleet), { assigned, waiting, failed }];
  };
  const ofAgent = (agent: string) => [agent, pool.agents.slotsOf(agent).map(named).sort()];
  return {
    counts: pool.counts,
    slots: heads.map(({ subject, state }) => [subject, state]).sort(),
    retired: [...pool.slots.retired].map(named).sort(),
    fleets: [...pool.fleets.names].sort().map(ofFleet),
    agents: [...pool.agents.names].sort().map(ofAgent),
    due: [0, 10_000, 100_000, Infinity].map((ms) =>
      pool
        .due(START + ms)
        .map(named)
        .sort(),
    ),
    full: pool.capacity.fullFor({ attributes: {} }),
    beyond: subjects.filter((subject) => pool.capacity.isBeyondMax(subject)).length,
    grounds: pool.pick({ attributes: {} })?.grounds,
    configured: pool.slots.hasConfigured('harbour-1'),
  };
}

const named = ({ subject }: { readonly subject: string }) => subject;

/** Takes every slot that the pool gives out. */
function drained(pool: Pool): readonly string[] {
  pool.capacity.limit(FLEET, null);
  const found: string[] = [];
  for (let head = pool.hold({ attributes: {} }); head; head = pool.hold({ attributes: {} })) {
    found.push(head.subject);
  }
  return found.sort();
}

describe('A pool', () => {
  it('has the same content, in whatever order it was built', () => {
    const law = fc.property(lives, acts, (drawn, done) => {
      const told = toldOf(drawn, done);
      expect(summary(told.pool)).toEqual(summary(told.afresh()));
    });
    fc.assert(law, { numRuns: 60 });
  });

  it('offers exactly the slots that are free', () => {
    const law = fc.property(lives, acts, (drawn, done) => {
      const told = toldOf(drawn, done);
      const free = [...told.states].filter(
        ([subject, state]) =>
          isOffered(state) &&
          withheldUntil(state) === 0 &&
          !told.held.has(subject) &&
          !told.quarantined.has(subject) &&
          !told.cordoned.has(agentOf(subject)),
      );
      expect(drained(told.pool)).toEqual(free.map(([subject]) => subject).sort());
    });
    fc.assert(law);
  });

  it('knows the slot of each allocation, and the next deadlines', () => {
    const law = fc.property(lives, acts, (drawn, done) => {
      const { pool, states } = toldOf(drawn, done);
      for (const [subject, state] of states) {
        const id = allocationOf(state)?.id ?? '';
        if (statusOf(state) === 'allocated') {
          const holder = pool.allocations.holderOf(id);
          expect(holder && allocationOf(holder.state)?.id).toBe(id);
        }
        const at = nextDeadline(state)?.at ?? Infinity;
        if (at === Infinity) continue;
        expect(pool.due(at).map(named)).toContain(subject);
        expect(pool.due(at - 1).map(named)).not.toContain(subject);
      }
    });
    fc.assert(law);
  });
});

function toldOf(drawn: readonly Life[], done: readonly Act[]): Told {
  const coming = subjects.map(
    (subject, index) => [subject, statesOf(drawn[index] as Life, index)] as const,
  );
  const told = new Told(new Map(coming));
  for (const act of done) told.do(act);
  return told;
}

/** The states of a life; at most two slots have allocations with the same ids. */
function statesOf({ steps }: Life, index: number): SlotState[] {
  return steps.map(({ state: { value, context } }) => {
    const { allocation } = context;
    if (allocation === null) return { value, context };
    const id = `${allocation.id} of ${index >> 1}`;
    return { value, context: { ...context, allocation: { ...allocation, id } } };
  });
}

import { anEvent, anOffer, aProcess } from '#testing';
import { slot, type Offer, type SlotState } from '#slot';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PlacedList } from '../collections/placed-list.js';
import { SlotEntry, type AgentEntry } from '../slot-entry.js';
import { fits, type SlotRequirements } from '../slot-requirements.js';
import { OfferClasses } from './offer-classes.js';
import { OfferIndex } from './offer-index.js';

/** The number of best slots that requests draw from. */
const CHOICES = 64;

interface Drawn {
  readonly agent: number;
  readonly fleet: string;
  readonly configuration: string;
  readonly runsAny: boolean;
  readonly priority: number;
  readonly map: string;
  /** What its process runs; null if it has no process. */
  readonly runs: { readonly buildConfiguration: string; readonly version: number } | null;
  /** Whether the slot is removed from the index, and whether it is put back. */
  readonly fate: 'stays' | 'leaves' | 'returns';
}

const name = fc.constantFrom('summer', 'winter');
const run = fc.record({ buildConfiguration: name, version: fc.nat({ max: 1 }) });
const slots: fc.Arbitrary<readonly Drawn[]> = fc.array(
  fc.record<Drawn>({
    agent: fc.nat({ max: 7 }),
    fleet: fc.constantFrom('arena', 'arena', 'docks'),
    configuration: name,
    runsAny: fc.boolean(),
    priority: fc.constantFrom(0, 0, 0, 1),
    map: fc.constantFrom('a', 'a', 'b'),
    runs: fc.option(run),
    fate: fc.constantFrom('stays', 'stays', 'stays', 'leaves', 'returns'),
  }),
  { maxLength: 150, size: 'max' },
);
const requirements: fc.Arbitrary<SlotRequirements> = fc.record({
  fleet: fc.option(fc.constant('arena'), { nil: undefined }),
  buildConfiguration: fc.option(name, { nil: undefined }),
  version: fc.option(fc.nat({ max: 1 }), { nil: undefined }),
  restart: fc.boolean(),
  attributes: fc.constantFrom<Record<string, string>>({}, { map: 'a' }),
});

function entriesOf(drawn: readonly Drawn[]): SlotEntry[] {
  const agents = Array.from({ length: 8 }, (_, index): AgentEntry => {
    const slots = new PlacedList<'agentPlace', SlotEntry>('agentPlace');
    return { name: `m${index}`, slots, incarnation: 0, isCordoned: false };
  });
  return drawn.map((each, index) => {
    const agent = agents[each.agent]!;
    const head = {
      subject: `slot.eu.${agent.name}.${index}`,
      sequence: 1,
      at: 0,
      state: stateOf(each),
    };
    const entry = new SlotEntry(agent, head);
    agent.slots.add(entry);
    return entry;
  });
}

const cold = slot.evolve(slot.initial, anEvent('SlotRegistered'));
const warm = slot.evolve(cold, anEvent('ProcessStarted'));

function stateOf({ fleet, configuration, runsAny, priority, map, runs }: Drawn): SlotState {
  const attributes = { map };
  const offer = anOffer({
    fleet,
    buildConfiguration: configuration,
    runsAny,
    priority,
    attributes,
  });
  if (runs === null) return { ...cold, context: { ...cold.context, offer } };
  return { ...warm, context: { ...warm.context, offer, process: aProcess(runs) } };
}

/** Puts all slots into the index, applies their fates, and returns the free slots that remain. */
function put(index: OfferIndex, drawn: readonly Drawn[]): SlotEntry[] {
  const entries = entriesOf(drawn);
  for (const entry of entries) index.put(entry);
  const fateOf = (entry: SlotEntry) => drawn[entries.indexOf(entry)]?.fate;
  for (const entry of entries) if (fateOf(entry) !== 'stays') index.delete(entry);
  for (const entry of entries) if (fateOf(entry) === 'returns') index.put(entry);
  return entries.filter((entry) => fateOf(entry) !== 'leaves');
}

/** 0: the slot runs what is required; 1: it runs nothing; 2: it runs something else. */
function costOf(required: SlotRequirements, offer: Offer, { context }: SlotState): number {
  const { process } = context;
  if (process === null) return 1;
  if (required.restart === true) return 2;
  const wanted = required.buildConfiguration ?? offer.buildConfiguration;
  const ofRegion = required.buildConfiguration !== undefined && offer.runsAny;
  const version = ofRegion ? (required.version ?? 0) : 0;
  return process.buildConfiguration === wanted && process.version === version ? 0 : 2;
}

/** The rank of a slot, as a sort key; lower is better. */
function rankOf(required: SlotRequirements, { head: { state } }: SlotEntry): string {
  const offer = state.context.offer!;
  return `${offer.priority} ${costOf(required, offer, state)}`;
}

const shapeOf = ({ head: { state } }: SlotEntry) => {
  const { fleet, buildConfiguration, runsAny, priority, attributes } = state.context.offer!;
  const { process } = state.context;
  const runs = process && [process.buildConfiguration, process.version];
  return JSON.stringify([fleet, buildConfiguration, runsAny, priority, attributes, runs]);
};

/** The equally best slots, found by sorting all of them. */
function bestOf(required: SlotRequirements, free: readonly SlotEntry[]): readonly SlotEntry[] {
  const fitting = free.filter(({ head }) => fits(required, head.state.context.offer!));
  const [best] = fitting.map((entry) => rankOf(required, entry)).sort();
  return fitting.filter((entry) => rankOf(required, entry) === best);
}

/** For each of the slots, how many slots of the same shape are free on its machine. */
function fullness(entries: readonly SlotEntry[], free: readonly SlotEntry[]): readonly number[] {
  const likeIt = (entry: SlotEntry) =>
    free.filter((one) => one.agent === entry.agent && shapeOf(one) === shapeOf(entry)).length;
  return entries.map(likeIt).sort((one, other) => one - other);
}

describe('The free slots', () => {
  it('are drawn from the best ones on the fullest machines, with equal chances', () => {
    const law = fc.property(slots, requirements, (drawn, required) => {
      const index = new OfferIndex(new OfferClasses());
      const free = put(index, drawn);
      expect(index.size).toBe(free.length);
      const best = bestOf(required, free);
      const count = Math.min(best.length, CHOICES);
      const picked = Array.from(
        { length: Math.max(1, count) },
        (_, place) =>
          index.best(required, (place + 0.5) / Math.max(1, count), () => Infinity)?.entry,
      ).filter((entry) => entry !== undefined);
      expect(new Set(picked).size).toBe(count);
      expect(best).toEqual(expect.arrayContaining(picked));
      for (const shape of new Set(picked.map(shapeOf))) {
        const ofShape = (entries: readonly SlotEntry[]) =>
          entries.filter((entry) => shapeOf(entry) === shape);
        const [some, all] = [ofShape(picked), ofShape(best)];
        expect(fullness(some, free)).toEqual(fullness(all, free).slice(0, some.length));
      }
    });
    fc.assert(law);
  });

  it('are the same few for all allocators if a fleet has room for few', () => {
    const room = fc.integer({ min: 0, max: 10 });
    const law = fc.property(slots, requirements, room, (drawn, required, roomIn) => {
      const one = new OfferIndex(new OfferClasses());
      const free = put(one, drawn.slice(0, CHOICES));
      const best = bestOf(required, free);
      const few = best
        .map(({ head }) => head.subject)
        .sort()
        .slice(0, roomIn);
      const picked = new Set<string>();
      for (let fraction = 0; fraction < 1; fraction += 0.01) {
        const entry = one.best(required, fraction, () => roomIn)?.entry;
        if (entry !== undefined) picked.add(entry.head.subject);
      }
      expect([...picked].sort()).toEqual(few);
    });
    fc.assert(law);
  });

  it('are not found in a fleet without room', () => {
    const law = fc.property(slots, requirements, (drawn, required) => {
      const index = new OfferIndex(new OfferClasses());
      const free = put(index, drawn).filter(
        ({ head }) => head.state.context.offer?.fleet !== 'arena',
      );
      const found = index.best(required, 0, (fleet) => (fleet === 'arena' ? 0 : Infinity))?.entry;
      const best = bestOf(required, free);
      if (best.length === 0) expect(found).toBeUndefined();
      else expect(best).toContain(found);
    });
    fc.assert(law);
  });
});

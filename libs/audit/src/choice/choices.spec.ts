import { describe, expect, it } from '@jest/globals';
import type { Choice } from '#http-api';
import type { LogItem } from '#kernel';
import { SeededRandom } from '#memory';
import { Pool, type SlotRequirements } from '#pool';
import { fullId, slot, statusOf, type SlotCommand, type SlotEvent, type SlotState } from '#slot';
import {
  anEvent,
  anOffer,
  aProcess,
  aRequest,
  aSession,
  deallocate,
  reported,
  START,
} from '#testing';
import type { SlotRecord } from '#wire';
import { Choices, tellChoice } from '../index.js';

const SLOTS = 40;
const warm = { process: aProcess() };

/** Allocators that choose slots by the same pool as real ones, and read a log that all of them write. */
class Region {
  readonly items: Extract<LogItem<SlotRecord>, { kind: 'recorded' }>[] = [];
  private readonly random: SeededRandom;
  private readonly heads = new Map<string, { state: SlotState; sequence: number }>();
  private readonly pools: ReadonlyMap<string, { pool: Pool; read: number }>;
  private at = START;
  private asked = 0;

  /**
   * @param lag the most events that an allocator is behind what others have written
   * @param tells whether allocators record how far they have read
   */
  constructor(
    seed: number,
    private readonly lag: number,
    tells = true,
  ) {
    this.random = new SeededRandom(seed);
    const agentOf = (subject: string) => subject.split('.')[2] ?? '';
    this.pools = new Map(
      ['a', 'b', 'c'].map((name) => {
        const known = () => ({
          readTo: this.pools.get(name)?.read ?? 0,
          ownTo: this.items.findLast(({ record }) => record.source.endsWith(name))?.sequence ?? 0,
        });
        const deps = { random: this.random, agentOf, ...(tells && { known }) };
        return [name, { pool: new Pool(deps), read: 0 }];
      }),
    );
    for (let index = 0; index < SLOTS; index += 1) {
      const attributes = { mode: index % 3 === 0 ? 'duel' : 'team' };
      const projects = index % 4 === 0 ? ['acme', 'default'] : undefined;
      const offer = anOffer({ attributes, priority: index % 2, projects });
      const process = index % 5 === 0 ? null : aProcess();
      this.write(`slot.eu.m-${index % 4}.${index}`, 'a', reported({ offer, process }));
    }
  }

  /** Goes on until so many claims were made. */
  run(claims: number): this {
    const start = this.asked;
    while (this.asked < start + claims) {
      const name = this.draw(['a', 'b', 'c']);
      if (this.random.fraction() < 0.35) this.claim(name);
      else this.goOn(name);
    }
    return this;
  }

  /** An allocator is about to claim slots, whose games fail for another one so often that they are withheld. */
  withholdWhatIsHeld(name: string, by: string, slots: number): this {
    this.catchUp(name, 0);
    for (let count = 0; count < slots; count += 1) {
      const held = this.pools.get(name)!.pool.hold({ project: 'default', attributes: {} });
      for (let failedStarts = 1; failedStarts <= 3; failedStarts += 1) {
        for (const event of failure(failedStarts, this.at)) {
          const { state } = this.heads.get(held!.subject)!;
          this.store(held!.subject, by, event, slot.evolve(state, event));
        }
      }
    }
    return this;
  }

  private claim(name: string): void {
    const known = this.pools.get(name)!;
    this.catchUp(name, Math.floor(this.random.fraction() * (this.lag + 1)));
    const attributes = this.draw([{}, { mode: 'duel' }, { mode: 'team' }]);
    const project = this.draw(['default', 'default', 'acme']);
    const requirements: SlotRequirements = { project, attributes: { ...attributes } };
    const pick = known.pool.pick(requirements);
    if (pick === undefined) return;
    const { subject, sequence } = pick.head;
    const isMoved = this.heads.get(subject)?.sequence !== sequence;
    if (!isMoved) {
      this.asked += 1;
      const isNamed = Object.keys(attributes).length > 0;
      this.write(subject, name, {
        ...aRequest({
          allocationId: fullId(project, `match-${this.asked}`),
          allocator: name,
          grounds: pick.grounds,
        }),
        ...(isNamed && { asked: { attributes } }),
      });
    }
    known.pool.release(subject);
    if (isMoved) this.catchUp(name, 0);
  }

  /** Something else happens to one of the slots. */
  private goOn(name: string): void {
    const [subject, { state }] = this.draw([...this.heads]);
    const { fence, allocation } = state.context;
    const status = statusOf(state);
    if (status === 'deallocated')
      this.write(subject, name, reported({ ...warm, clearedFence: fence }));
    if (status !== 'allocated' || allocation === null) return;
    const isAwaiting = allocation.acknowledgedAt === null;
    const session = aSession({ fence });
    if (isAwaiting) this.write(subject, name, reported({ ...warm, session }));
    else this.write(subject, name, deallocate({ allocationId: allocation.id }));
  }

  private write(subject: string, name: string, command: SlotCommand): void {
    this.at += 3;
    const before = this.heads.get(subject)?.state ?? slot.initial;
    const decision = slot.decide(before, { ...command, at: this.at });
    if (decision.kind === 'refused') throw new Error(decision.refusal.message);
    for (const { event, state } of decision.steps) this.store(subject, name, event, state);
  }

  private store(subject: string, name: string, event: SlotEvent, state: SlotState): void {
    const sequence = this.items.length + 1;
    const record = { id: String(sequence), source: `berth/allocator/${name}`, event, state };
    this.items.push({ kind: 'recorded', subject, sequence, record });
    this.heads.set(subject, { state, sequence });
    this.pools.get(name)?.pool.apply({ subject, sequence, at: this.at, state });
  }

  /** Reads what others wrote, but for the last few events. */
  private catchUp(name: string, behind: number): void {
    const known = this.pools.get(name)!;
    for (; known.read < this.items.length - behind; known.read += 1) {
      const { subject, sequence, record } = this.items[known.read]!;
      known.pool.apply({ subject, sequence, at: record.event.at, state: record.state });
    }
  }

  private draw<T>(among: readonly T[]): T {
    return among[Math.floor(this.random.fraction() * among.length)]!;
  }
}

/** A claim whose game does not start. */
function failure(failedStarts: number, at: number): readonly SlotEvent[] {
  const cause = { cause: 'not-started', reason: 'no such file' } as const;
  return [
    anEvent('AllocationRequested', { at, allocationId: `default.failing-${failedStarts}` }),
    anEvent('CallbackRefused', { at, ...cause, failedStarts }),
    anEvent('SlotCleared', { at, process: null }),
  ];
}

function choicesIn(items: readonly LogItem<SlotRecord>[]): readonly Choice[] {
  const found: Choice[] = [];
  const choices = new Choices(
    () => true,
    (choice) => found.push(choice),
  );
  for (const item of items) choices.take(item);
  choices.finish();
  return found;
}

const verdicts = (choices: readonly Choice[]) =>
  [...new Set(choices.map(({ verdict }) => verdict))].sort();

/** The log with other grounds in its claims. */
function tampered(
  items: Region['items'],
  change: (grounds: NonNullable<Choice['recorded']>) => object,
): Region['items'] {
  return items.map((item) => {
    const { event } = item.record;
    if (event.type !== 'AllocationRequested' || event.grounds === undefined) return item;
    const grounds = { ...event.grounds, ...change(event.grounds) };
    return { ...item, record: { ...item.record, event: { ...event, grounds } } };
  });
}

describe('The choice of a slot, recomputed,', () => {
  it('is the same where the allocator had seen all of the log', () => {
    const choices = choicesIn(new Region(1, 0).run(300).items);
    expect(choices).toHaveLength(300);
    expect(verdicts(choices)).toEqual(['same']);
    expect(choices.every(({ recomputed }) => recomputed !== null)).toBe(true);
  });

  it('is the same, however far behind the allocator was, if it says how far it had read', () => {
    const choices = [1, 2, 3].flatMap((seed) => choicesIn(new Region(seed, 6).run(300).items));
    expect(choices).toHaveLength(900);
    expect(verdicts(choices)).toEqual(['same']);
    const behind = choices.map((choice) => choice.behind?.events ?? 0);
    expect(Math.max(...behind)).toBe(6);
  });

  it('is the same where slots that the allocator was about to claim have been withheld since', () => {
    const { items } = new Region(1, 6).run(30).withholdWhatIsHeld('a', 'b', 3).run(30);
    const choices = choicesIn(items).filter(({ recorded }) => recorded !== null);
    expect(choices).toHaveLength(60);
    expect(verdicts(choices)).toEqual(['same']);
    const withheld = (choice: Choice) => choice.recomputed?.passedOver?.withheld ?? 0;
    const held = (choice: Choice) => choice.recorded?.held ?? 0;
    expect(Math.max(...choices.map(withheld))).toBe(3);
    expect(Math.max(...choices.map(held))).toBe(3);
  });

  it('is different if what it had read by its own word does not fit', () => {
    const { items } = new Region(1, 0).run(300);
    const choices = choicesIn(tampered(items, ({ readTo = 0 }) => ({ readTo: readTo - 40 })));
    const wrong = choices.filter(({ verdict }) => verdict !== 'same');
    expect(wrong.length).toBeGreaterThan(100);
  });

  it('is the same, or explained by no more than was not seen, if an earlier version did not say', () => {
    const choices = [1, 2, 3].flatMap((seed) =>
      choicesIn(new Region(seed, 6, false).run(300).items),
    );
    expect(verdicts(choices)).toEqual(['explained', 'same']);
    const behind = choices.map((choice) => choice.behind?.events ?? 0);
    expect(Math.max(...behind)).toBeLessThanOrEqual(6);
    const explained = choices.filter(({ verdict }) => verdict === 'explained');
    expect(explained.length).toBeGreaterThan(100);
    for (const { reasons } of explained)
      expect(reasons.join()).toContain('not seen yet, perhaps: ');
  });

  it.each([
    ['more slots that fitted', ({ fitted }: { fitted: number }) => ({ fitted: fitted + 30 })],
    ['another process', () => ({ process: 'other' })],
    ['slots that were nowhere', () => ({ passedOver: { drained: 3 } })],
  ])('is different if what was recorded names %s', (_, change) => {
    expect(verdicts(choicesIn(tampered(new Region(1, 0).run(50).items, change)))).toEqual([
      'different',
    ]);
  });

  it('is told for people', () => {
    const [first] = choicesIn(new Region(1, 0).run(1).items);
    expect(Object.fromEntries(tellChoice(first!))).toMatchObject({
      asked: expect.stringContaining('by matchmaker, for '),
      recomputed: tellChoice(first!)[3]?.[1],
      'these are': 'the same',
    });
  });

  it('cannot be compared where an earlier version chose, or the request named too much', () => {
    const claim = anEvent('AllocationRequested', { at: START });
    const state = slot.evolve(slot.evolve(slot.initial, anEvent('SlotRegistered')), claim);
    const record = { id: '1', source: 'berth/allocator/a', event: claim, state };
    const item = { kind: 'recorded', subject: 'slot.eu.m.1', sequence: 1, record } as const;
    expect(choicesIn([item])).toMatchObject([{ verdict: 'unknown', recorded: null }]);
    const cut = { grounds: { fitted: 1, alike: 1, process: 'none' }, asked: { leftOut: 2 } };
    const event = { ...claim, ...cut };
    expect(choicesIn([{ ...item, record: { ...record, event } }])).toMatchObject([
      { verdict: 'unknown', reasons: ['the request named more than its claim keeps'] },
    ]);
  });
});

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { EventLog, Subscription } from '#kernel';
import { ManualClock, MemoryEventLog, SeededChance } from '#memory';
import { createLogger } from '#service';
import type { SlotContext, SlotReport, SlotState } from '#slot';
import { aProcess, aReport, aSession, START } from '#testing';
import {
  allocationRequest,
  slotFactCodec,
  slotOfSubject,
  slotSubject,
  slotsSubject,
  type AllocationAnswer,
  type SlotFact,
} from '#wire';
import { Allocator } from './allocator.js';

const region = 'eu';
const STEP_MS = 50;
const logger = createLogger('test', 'silent');

/** How an agent of the test answers callbacks; null: not at all. */
type Answer = 'acked' | 'refused' | null;

/** An agent without games: it reports as soon as it sees something to report. */
class ScriptedAgent {
  private watching: Subscription | undefined;

  constructor(
    private readonly log: EventLog<SlotFact>,
    private readonly allocators: readonly Allocator[],
    private readonly answerOf: (slot: string) => Answer,
  ) {}

  async own(...slots: readonly string[]): Promise<void> {
    this.watching = await this.log.watch(slotsSubject(region), {
      receive: (item) => {
        if (item.kind === 'recorded') this.see(item.subject, item.sequence, item.fact.state);
      },
    });
    for (const slot of slots) await this.report(slot, 0, {});
  }

  close(): void {
    this.watching?.close();
  }

  async report(slot: string, seen: number, change: Partial<SlotReport>): Promise<void> {
    const report = aReport({ process: aProcess(), ...change });
    await this.allocators[0]?.report({ region, agent: 'm', slot }, { seen, report });
  }

  private see(subject: string, seen: number, { value, context }: SlotState): void {
    const { slot } = slotOfSubject(subject);
    const { fence } = context;
    if (value === 'deallocated') void this.report(slot, seen, { clearedFence: fence });
    if (isAwaiting(value, context)) {
      const answer = this.answerOf(slot);
      const callback =
        answer === 'acked'
          ? ({ outcome: 'acked', answer: { slot }, token: 'secret' } as const)
          : ({ outcome: 'refused', reason: 'not today' } as const);
      if (answer !== null) void this.report(slot, seen, { session: aSession({ fence, callback }) });
    }
  }
}

function isAwaiting(value: SlotState['value'], { allocation }: SlotContext): boolean {
  return typeof value === 'object' && 'allocated' in value && allocation?.acknowledgedAt === null;
}

function request(allocationId: string, change: object = {}) {
  return allocationRequest.parse({ region, allocationId, ...change });
}

describe('an allocator', () => {
  let clock: ManualClock;
  let log: MemoryEventLog<SlotFact>;
  let allocators: Allocator[];
  let agent: ScriptedAgent;
  let answers: Record<string, Answer>;

  beforeEach(async () => {
    clock = new ManualClock(START);
    log = new MemoryEventLog(slotFactCodec, { clock });
    allocators = ['one', 'two'].map(
      (id, seed) =>
        new Allocator(id, region, { log, clock, chance: new SeededChance(seed), logger }),
    );
    await Promise.all(allocators.map((allocator) => allocator.start()));
    answers = {};
    agent = new ScriptedAgent(log, allocators, (slot) =>
      slot in answers ? answers[slot]! : 'acked',
    );
  });

  afterEach(() => {
    agent.close();
    allocators.forEach((allocator) => allocator.stop());
  });

  /** Lets time pass, and all that it sets off come to rest. */
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      clock.advance(Math.min(STEP_MS, ms - passed));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Lets time pass until the answer is there. */
  async function answered(answer: Promise<AllocationAnswer>): Promise<AllocationAnswer> {
    let done: AllocationAnswer | undefined;
    void answer.then((value) => (done = value));
    for (let turns = 0; done === undefined && turns < 1_000; turns += 1) await pass(STEP_MS);
    if (done === undefined) throw new Error('no answer');
    return done;
  }

  async function types(slot: string): Promise<string[]> {
    const found: string[] = [];
    for await (const item of log.read(slotSubject({ region, agent: 'm', slot }))) {
      if (item.kind === 'recorded') found.push(item.fact.event.type);
    }
    return found;
  }

  const [one, two] = [() => allocators[0]!, () => allocators[1]!];

  test('answers with the server and what the game said', async () => {
    await agent.own('1');
    const answer = await answered(one().allocate(request('match-1')));
    expect(answer).toMatchObject({
      status: 'allocated',
      allocationId: 'match-1',
      slot: 'eu.m.1',
      token: 'secret',
      payload: { slot: '1' },
    });
    expect(await types('1')).toEqual([
      'SlotRegistered',
      'ProcessStarted',
      'AllocationRequested',
      'CallbackAcked',
    ]);
  });

  test('gives one id one server, asked at two allocators at once', async () => {
    await agent.own('1', '2', '3');
    const both = [one(), two()].map((each) => answered(each.allocate(request('match-1'))));
    const [first, second] = await Promise.all(both);
    expect(first?.status).toBe('allocated');
    expect(second).toEqual(first);
    const all = (await Promise.all(['1', '2', '3'].map(types))).flat();
    expect(all.filter((type) => type === 'AllocationRequested')).toHaveLength(1);
  });

  test('gives racing requests different servers, and the rest a clear no', async () => {
    await agent.own('1', '2', '3');
    const ids = Array.from({ length: 8 }, (_, index) => `match-${index}`);
    const all = await Promise.all(
      ids.map((id, index) => answered((index % 2 ? one() : two()).allocate(request(id)))),
    );
    const served = all.flatMap((answer) => (answer.status === 'allocated' ? [answer.slot] : []));
    expect([...served].sort()).toEqual(['eu.m.1', 'eu.m.2', 'eu.m.3']);
    const refused = all.flatMap((answer) => (answer.status === 'refused' ? [answer.code] : []));
    expect(new Set(refused)).toEqual(new Set(['none-available']));
    expect(refused).toHaveLength(5);
  });

  test('goes on to another server when the first refuses, under the same id', async () => {
    answers = { '1': 'refused', '2': 'acked' };
    await agent.own('1', '2');
    for (const id of ['match-1', 'match-2', 'match-3']) {
      const answer = await answered(one().allocate(request(id)));
      expect(answer).toMatchObject({ status: 'allocated', allocationId: id, slot: 'eu.m.2' });
      await one().deallocate({ region, allocationId: id, reason: 'over', by: 'test' });
      await pass(50);
    }
    expect(await types('1')).toContain('CallbackRefused');
  });

  test('gives a silent server up at the deadline of its callback', async () => {
    answers = { '1': null, '2': 'acked' };
    await agent.own('1');
    const answer = one().allocate(request('match-1'));
    await pass(500);
    await agent.report('2', 0, {});
    expect(await answered(answer)).toMatchObject({ status: 'allocated', slot: 'eu.m.2' });
    expect(await types('1')).toContain('CallbackTimedOut');
  });

  test('gives a request up after so many refusals', async () => {
    answers = Object.fromEntries(['1', '2', '3', '4', '5', '6'].map((slot) => [slot, 'refused']));
    await agent.own(...Object.keys(answers));
    const answer = await answered(one().allocate(request('match-1')));
    expect(answer).toMatchObject({ status: 'refused', code: 'callback-failed' });
  });

  test('tells a requester that comes back how its session ended', async () => {
    await agent.own('1');
    await answered(one().allocate(request('match-1')));
    const ended = { region, allocationId: 'match-1', reason: 'over', by: 'test' };
    expect(await one().deallocate(ended)).toMatchObject({ status: 'deallocated', slot: 'eu.m.1' });
    await pass(50);
    const again = await answered(two().allocate(request('match-1')));
    expect(again).toMatchObject({ status: 'refused', code: 'ended' });
    expect(await two().deallocate(ended)).toMatchObject({ status: 'deallocated' });
  });

  test('ends a session that stays without players for too long, once', async () => {
    await agent.own('1');
    await answered(one().allocate(request('match-1', { idleTtlMs: 5_000 })));
    await pass(4_000);
    expect(await types('1')).not.toContain('TtlExpired');
    await pass(2_000);
    const ends = (await types('1')).filter((type) => type === 'TtlExpired');
    expect(ends).toHaveLength(1);
  });

  test('leaves the end to others when the claiming allocator is gone', async () => {
    await agent.own('1');
    await answered(one().allocate(request('match-1', { idleTtlMs: 5_000 })));
    one().stop();
    await pass(7_000);
    expect(await types('1')).toContain('TtlExpired');
  });

  test('does not offer a slot on which something unreadable stands', async () => {
    await agent.own('1');
    log.corrupt('slot.eu.m.1', new TextEncoder().encode('not an event'));
    await pass(50);
    const answer = await answered(one().allocate(request('match-1')));
    expect(answer).toMatchObject({ status: 'refused', code: 'none-available' });
  });

  test('knows nothing of what nobody was given', async () => {
    const unknown = { region, allocationId: 'match-0', reason: 'over', by: 'test' };
    expect(await one().deallocate(unknown)).toMatchObject({ code: 'unknown-allocation' });
  });
});

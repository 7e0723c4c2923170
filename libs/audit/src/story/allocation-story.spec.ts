import { describe, expect, it } from '@jest/globals';
import type { LogItem } from '#kernel';
import { slot, type SlotEvent, type SlotState } from '#slot';
import { anEvent, START } from '#testing';
import type { RefusalRecord, SlotRecord } from '#wire';
import { AllocationHistory, tellAllocation } from '../index.js';

const DAY_MS = 86_400_000;

/** A region's log in which slots live at the same time. */
class Log {
  readonly items: LogItem<SlotRecord>[] = [];
  private readonly states = new Map<string, SlotState>();

  add(name: string, ...events: readonly SlotEvent[]): this {
    for (const event of events) {
      const subject = `slot.eu.${name}`;
      const state = slot.evolve(this.states.get(subject) ?? slot.initial, event);
      this.states.set(subject, state);
      const sequence = this.items.length + 1;
      const record = { id: String(sequence), source: 'berth/allocator/a', event, state };
      this.items.push({ kind: 'recorded', subject, sequence, record });
    }
    return this;
  }

  /** A free slot with a process. */
  free(...names: readonly string[]): this {
    for (const name of names) this.add(name, anEvent('SlotRegistered'), anEvent('ProcessStarted'));
    return this;
  }

  history(id = 'match-1'): AllocationHistory {
    const history = new AllocationHistory(id, 'eu');
    for (const item of this.items) history.take(item);
    return history;
  }
}

const grounds = { fitted: 12, alike: 4, process: 'ready', passedOver: { taken: 3 } };
const claim = (attempt: number, at: number) =>
  anEvent('AllocationRequested', {
    ...{ attempt, at: START + at, allocator: 'allocator-1', grounds },
    ...{ requestedBy: 'live: matchmaker-1', asked: { fleet: 'arena', attributes: { map: 'x' } } },
  });

const refusal: RefusalRecord = {
  ...{ allocationId: 'match-1', region: 'eu', by: 'live: matchmaker-1', fleet: 'harbor' },
  ...{ buildConfiguration: null, attributes: {}, askedAt: START, refusedAt: START + 5 },
  ...{ code: 'unknown-fleet', message: 'no fleet harbor is known in region eu' },
  allocator: 'allocator-1',
};

/** Two slots fail it, and a third serves it. */
const third = new Log()
  .free('h1.1', 'h1.2', 'h2.1')
  .add('h1.1', claim(1, 100))
  .add('h1.1', anEvent('CallbackTimedOut', { at: START + 2_100, reason: 'the agent is lost' }))
  .add('h1.2', claim(2, 2_110))
  .add('h1.2', anEvent('CallbackRefused', { at: START + 2_150 }))
  .add('h1.1', anEvent('SlotCleared', { at: START + 2_155 }))
  .add('h2.1', claim(3, 2_160))
  .add('h2.1', anEvent('CallbackAcked', { at: START + 2_460 }))
  .add('h2.1', anEvent('WentIdle'), anEvent('WentActive', { at: START + 3_000, players: 8 }))
  .add('h2.1', anEvent('WentIdle'), anEvent('WentActive', { at: START + 4_000, players: 3 }))
  .add('h2.1', anEvent('DeallocationRequested', { at: START + 62_460, by: 'live: console' }))
  .add('h2.1', anEvent('SlotCleared', { at: START + 63_000 }));

const says = (log: Log, refused?: RefusalRecord) =>
  tellAllocation(log.history().story(refused)!).map(({ at, says }) => [at && at - START, says]);

describe('The story of an allocation', () => {
  it('tells in ten lines of a request that failed twice and was served by a third slot', () => {
    const why = '12 fitted, 4 as good, its process was ready, 3 taken';
    expect(says(third)).toEqual([
      [100, 'live: matchmaker-1 asked in region eu for fleet arena, map=x, with 15 bytes'],
      [100, `attempt 1: slot eu.h1.1, chosen by allocator-1: ${why}`],
      [2_100, 'left after 2.0 s: CallbackTimedOut: the agent is lost'],
      [2_110, `attempt 2: slot eu.h1.2, chosen by allocator-1: ${why}`],
      [2_150, 'left after 40 ms: CallbackRefused: the map is missing'],
      [2_160, `attempt 3: slot eu.h2.1, chosen by allocator-1: ${why}`],
      [2_460, 'the game took the session after 300 ms, answering 14 bytes'],
      [
        62_460,
        'the session ended after 1 min 0 s, 8 players seen: ' +
          'DeallocationRequested, by live: console: the match is over',
      ],
      [63_000, 'the slot was free again after 540 ms'],
    ]);
    expect(third.history().story()).toMatchObject({ status: 'ended', askedAt: START + 100 });
  });

  it('tells in one line why a request was never served', () => {
    expect(says(new Log(), refusal)).toEqual([
      [
        0,
        'live: matchmaker-1 asked in region eu for fleet harbor, and was refused: ' +
          'no fleet harbor is known in region eu (unknown-fleet, by allocator-1)',
      ],
    ]);
  });

  it('is undefined if nothing is known of the id', () => {
    expect(third.history('match-2').story()).toBeUndefined();
  });

  it('tells of a request that failed until it was refused', () => {
    const log = new Log().free('h1.1').add('h1.1', claim(1, 1), anEvent('CallbackRefused'));
    expect(says(log, { ...refusal, refusedAt: START + 9 }).at(-1)).toEqual([
      9,
      'it was refused: no fleet harbor is known in region eu (unknown-fleet, by allocator-1)',
    ]);
    expect(log.history().story()).toMatchObject({ status: 'unserved' });
  });

  it('tells of an earlier refusal before the slot that it was then given', () => {
    const log = new Log().free('h1.1').add('h1.1', claim(1, 100));
    const told = says(log, refusal);
    expect(told[1]?.[1]).toContain('it was refused first: no fleet harbor');
    expect(told.at(-1)).toEqual([
      100,
      expect.stringContaining('attempt 1: slot eu.h1.1, chosen by allocator-1'),
    ]);
    expect(log.history().story(refusal)).toMatchObject({ status: 'pending' });
  });

  it.each([
    [[], 'pending', "the game's answer is waited for"],
    [[anEvent('CallbackAcked')], 'allocated', 'the session goes on'],
    [
      [anEvent('CallbackAcked'), anEvent('Crashed', { consequence: 'restart' })],
      'allocated',
      'the session goes on after 1 crash',
    ],
  ] as const)('says that it is not over after %j', (events, status, last) => {
    const log = new Log().free('h1.1').add('h1.1', claim(1, 0), ...events);
    expect(log.history().story()).toMatchObject({ status });
    expect(says(log).at(-1)).toEqual([null, last]);
  });

  it('begins when a request that waited was made', () => {
    const waited = { ...claim(1, 5_000), grounds: { ...grounds, how: 'freed', waitedMs: 4_000 } };
    const log = new Log().free('h1.1').add('h1.1', waited);
    expect(log.history().story()?.askedAt).toBe(START + 1_000);
    expect(says(log)[1]?.[1]).toContain('it became free, after a wait of 4.0 s');
  });

  it('says who was lost by the log, and what the game said last', () => {
    const crash = anEvent('Crashed', { lastLine: 'no such map' });
    const log = new Log().free('h1.1').add('h1.1', anEvent('SessionRestored'), crash);
    const [, claimed, , end] = says(log).map(([, line]) => line);
    expect(claimed).toContain('put back into the log, which had lost it, by allocator-1');
    expect(end).toContain('1 crash: Crashed, last line "no such map": the game ended with');
  });

  it('ends with an exit that left nothing to clear', () => {
    const cleared = { process: null, remark: '' };
    const log = new Log()
      .free('h1.1')
      .add('h1.1', claim(1, 0), anEvent('CallbackAcked', { at: START + 100 }))
      .add('h1.1', anEvent('ExitedZero', { at: START + 9_000, cleared }));
    expect(log.history().story()).toMatchObject({
      status: 'ended',
      attempts: [{ answeredAt: START + 100, left: { by: 'ExitedZero' }, clearedAt: START + 9_000 }],
    });
  });

  it('is that of the last session, if the id was used again a day later', () => {
    const log = new Log()
      .free('h1.1')
      .add('h1.1', claim(1, 0), anEvent('CallbackAcked'), anEvent('ExitedZero'))
      .add('h1.1', anEvent('SlotCleared'), claim(1, 2 * DAY_MS));
    expect(log.history().story()).toMatchObject({
      status: 'pending',
      attempts: [{ claimedAt: START + 2 * DAY_MS }],
    });
  });

  it('does not hold a slot that another request has', () => {
    const other = { ...claim(1, 9_000), allocationId: 'match-2' };
    const log = new Log()
      .free('h1.1')
      .add('h1.1', claim(1, 0), anEvent('CallbackRefused'), anEvent('SlotCleared'))
      .add('h1.1', other, anEvent('CallbackAcked', { at: START + 9_100 }));
    expect(log.history().story()?.attempts).toMatchObject([
      { answeredAt: null, left: { by: 'CallbackRefused' }, clearedAt: START },
    ]);
  });
});

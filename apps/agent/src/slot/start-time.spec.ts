import { ManualClock } from '#memory';
import { anAllocation, aProcess } from '#testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { aBegunRecord, aRecord, aRun, observed } from '../../test/support/samples.js';
import { noSignals, type GameSignals } from './game-signals.js';
import type { Observed } from './observed.js';
import type { SessionRecord } from './session-record.js';
import { StartTime } from './start-time.js';

const run = aRun({ process: aProcess({ startedAt: 1_000 }) });

describe('The time that a game takes to start', () => {
  let clock: ManualClock;
  let starts: StartTime;
  let taken: number[];

  const see = (changes: Partial<Observed>) => {
    clock.advance(500);
    starts.see(observed({ run, ...changes }));
  };
  const saying = (said: Partial<GameSignals>) => ({ signals: { ...noSignals, ...said } });

  beforeEach(() => {
    clock = new ManualClock(1_000);
    starts = new StartTime(clock, null);
    taken = [];
    starts.onReady = (elapsedMs) => taken.push(elapsedMs);
  });

  it.each<[string, Partial<GameSignals>]>([
    ['answers a query', { counted: { players: 0 } }],
    ['answers a query with nonsense', { counted: { uncounted: 'no packet of SQP' } }],
    ['says who plays', { players: 0 }],
    ['says that it is ready', { readyFor: 1 }],
  ])('ends when it %s, and is told once', (_, said) => {
    see({});
    see(saying(said));
    see(saying(said));
    expect(taken).toEqual([1_000]);
  });

  it('ends when it accepts the session that it was started for', () => {
    see({ record: aBegunRecord() });
    see({ record: aRecord() });
    expect(taken).toEqual([1_000]);
  });

  it.each<[string, Partial<SessionRecord>]>([
    ['was ready before the claim, nobody knows when', { runBefore: run.id }],
    ['is to say itself when it is ready', { allocation: anAllocation({ readiness: true }) }],
    ['was not given the session', { run: 'another' }],
  ])('is not known by the session of a game that %s', (_, changes) => {
    see({ record: aRecord(changes) });
    expect(taken).toEqual([]);
  });

  it('is not told of a game that runs since before the agent was started', () => {
    starts = new StartTime(clock, run.id);
    starts.onReady = (elapsedMs) => taken.push(elapsedMs);
    see(saying({ players: 3 }));
    expect(taken).toEqual([]);
  });
});

import { slot } from '#slot';
import { aProcess, anEvent, given, past } from '#testing';
import { describe, expect, it } from '@jest/globals';
import { noSignals } from './game-signals.js';
import type { Observed } from './observed.js';
import type { Action } from './slot-plan.js';
import { LATER, NOW, step } from '../../test/support/plan.js';
import { aBegunRecord, aRecord, aRun } from '../../test/support/samples.js';

const zero = { exitCode: 0, signal: null };
const one = { exitCode: 1, signal: null };
const otherBuild = aProcess({ buildConfiguration: 'old' });
const crashed = [...past.live, anEvent('Crashed', { consequence: 'restart' })];

describe('a claimed slot', () => {
  const { state } = given(slot, ...past.awaiting);
  const session = {
    fence: 1,
    allocation: state.context.allocation,
    run: { buildConfiguration: 'harbour-1', version: 0 },
    awaiting: true,
    process: state.context.process,
  };
  const unbound = aBegunRecord({ run: null, crashes: -1 });
  const serverJson = 'match-1';

  it.each<[string, Partial<Observed>, unknown]>([
    ['saves the fence before anything else', { run: aRun() }, { type: 'begin', session }],
    [
      'gets server.json written before the game gets the callback',
      { run: aRun(), record: unbound },
      { type: 'write', allocationId: 'match-1' },
    ],
    [
      'is started at once if it is cold',
      { record: unbound, serverJson, startAt: LATER },
      { type: 'start' },
    ],
    [
      'binds its process to the session',
      { run: aRun(), record: unbound, serverJson },
      { type: 'bind', session },
    ],
    [
      'makes the callback',
      { run: aRun(), record: aBegunRecord(), serverJson },
      { type: 'call', session },
    ],
    [
      'makes the callback once',
      { run: aRun(), record: aBegunRecord(), serverJson, calling: true },
      { type: 'rest' },
    ],
    [
      'does nothing after the answer',
      { run: aRun(), record: aRecord(), serverJson },
      { type: 'rest' },
    ],
    [
      'does nothing after the game ended',
      { run: aRun({ exit: one }), record: aBegunRecord() },
      { type: 'rest' },
    ],
    [
      'is started again if its process has just ended, unused',
      { run: aRun({ exit: one }), record: unbound, serverJson },
      { type: 'start' },
    ],
    [
      'stops a process of another build',
      { run: aRun({ process: otherBuild }), record: unbound, serverJson },
      { type: 'stop' },
    ],
    [
      'waits for a process that is being stopped',
      { run: aRun(), record: unbound, serverJson, stopping: true },
      { type: 'rest' },
    ],
    [
      'refuses a build that the agent does not run',
      { record: unbound, buildConfiguration: 'new' },
      { type: 'refuse', reason: 'the agent does not run build harbour-1', cause: 'not-started' },
    ],
    [
      'ignores a claim older than one seen before',
      { record: aRecord({ fence: 2, allocationId: 'x' }) },
      { type: 'ignore' },
    ],
    [
      'ignores a claim that was cleared before',
      { record: aRecord({ clearedFence: 1 }) },
      { type: 'ignore' },
    ],
    [
      'ignores another claim with the same fence',
      { record: aRecord({ allocationId: 'x' }) },
      { type: 'ignore' },
    ],
    [
      'ignores a later claim while a session runs that the log has lost',
      { run: aRun(), record: aRecord({ fence: 0, clearedFence: -1, allocationId: 'x' }) },
      { type: 'ignore' },
    ],
    [
      'takes the fence that the log gives to the session that runs',
      { run: aRun(), record: aRecord({ fence: 0, clearedFence: -1 }) },
      { type: 'adopt', fence: 1 },
    ],
  ])('%s', (_, seen, expected) => {
    expect(step(past.awaiting, seen)).toEqual(expected);
  });

  it('waits until the game reports that it is as long as there is time to refuse', () => {
    const claim = [...past.warm, anEvent('AllocationRequested', { readiness: true })];
    const seen = { run: aRun(), record: aRecord(), serverJson };
    expect(step(claim, { ...seen, answerBy: LATER })).toEqual({ type: 'rest', until: LATER });
    expect(step(claim, { ...seen, answerBy: NOW })).toMatchObject({ type: 'refuse' });
    const signals = { ...noSignals, readyFor: 1 };
    expect(step(claim, { ...seen, signals, answerBy: NOW })).toEqual({ type: 'rest' });
  });
});

describe('a live slot', () => {
  const serverJson = 'match-1';
  const over = aRecord({ exited: true });
  const next = aRun({ id: 'run-2', token: 'next' });
  const adopt: Action = { type: 'adopt', fence: 1 };

  it.each<[string, Partial<Observed>, string]>([
    ['does nothing', { run: aRun() }, 'rest'],
    ['waits until the log has the exit', { run: aRun({ exit: one }) }, 'rest'],
    ['waits until the log has the loss of a process', { run: null }, 'rest'],
    ['keeps a process of another build', { run: aRun({ process: otherBuild }) }, 'rest'],
  ])('%s', (_, seen, type) => {
    expect(step(past.live, { record: aRecord(), serverJson, ...seen })).toMatchObject({ type });
  });

  it.each<[string, Partial<Observed>, Action]>([
    ['remembers that', {}, { type: 'exited' }],
    ['empties server.json', { record: over }, { type: 'write', allocationId: '' }],
    ['starts the next process', { record: over, serverJson: '' }, { type: 'start' }],
    ['has done all', { record: over, serverJson: '', run: next }, { type: 'rest' }],
    [
      'goes on under another fence',
      { record: aRecord({ fence: 0, clearedFence: -1, exited: true }) },
      adopt,
    ],
  ])('whose game exited with 0 %s', (_, seen, action) => {
    const run = aRun({ exit: zero });
    expect(step(past.live, { record: aRecord(), serverJson, run, ...seen })).toEqual(action);
  });

  it('is not over because an earlier process exited with 0', () => {
    const seen = { record: aRecord(), serverJson, run: aRun({ id: 'run-0', exit: zero }) };
    expect(step(past.live, seen)).toEqual({ type: 'rest' });
  });

  it.each<[string, Partial<Observed>, string]>([
    ['is started again', { run: aRun({ exit: one }) }, 'start'],
    ['is started again if nothing is left', { run: null }, 'start'],
    ['waits for the backoff', { run: aRun({ exit: one }), startAt: LATER }, 'rest'],
    ['binds the new process to the session', { run: aRun({ id: 'run-2' }) }, 'bind'],
    [
      'makes the callback to the new process',
      {
        run: aRun({ id: 'run-2' }),
        record: aRecord({ run: 'run-2', crashes: 1, delivered: false }),
      },
      'call',
    ],
    [
      'waits until the log has the second crash, too',
      { run: aRun({ id: 'run-2', exit: one }), record: aRecord({ run: 'run-2', crashes: 1 }) },
      'rest',
    ],
  ])('whose crash is recorded %s', (_, seen, type) => {
    expect(step(crashed, { record: aRecord(), serverJson, ...seen })).toMatchObject({ type });
  });
});

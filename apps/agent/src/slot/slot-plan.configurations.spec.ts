import { aProcess, anEvent, past } from '#testing';
import { describe, expect, it } from '@jest/globals';
import type { Observed } from './observed.js';
import type { Action } from './slot-plan.js';
import { LATER, NOW, step } from '../../test/support/plan.js';
import { aBegunRecord, aRecord, aRun, ready } from '../../test/support/samples.js';

const one = { exitCode: 1, signal: null };

describe('a slot that is assigned a build configuration', () => {
  const run = { buildConfiguration: 'duel', version: 2 };
  const assigned = [...past.warm, anEvent('ConfigurationAssigned', { assigned: run })];
  const pending = { state: 'pending', run, reason: 'not here yet', cause: 'not-started' } as const;
  const failed = { state: 'failed', run, reason: 'no such file', cause: 'not-started' } as const;
  const earlier = aRun({ process: aProcess({ ...run, version: 1 }) });

  it.each<[string, Partial<Observed>, Action]>([
    ['prepares it', { run: aRun() }, { type: 'prepare', run }],
    [
      'keeps its process until it is prepared',
      { run: aRun(), prepared: pending },
      { type: 'rest' },
    ],
    [
      'stops its process once it is prepared',
      { run: aRun(), prepared: ready(run) },
      { type: 'stop' },
    ],
    [
      'stops a process of an earlier version, too',
      { run: earlier, prepared: ready(run) },
      { type: 'stop' },
    ],
    ['is started once it is prepared', { prepared: ready(run) }, { type: 'start' }],
    ['waits without a process until it is prepared', { prepared: pending }, { type: 'rest' }],
    [
      'tries again later if the preparation failed',
      { run: aRun(), prepared: failed, startAt: LATER },
      { type: 'rest', until: LATER },
    ],
    [
      'tries again when that time has come',
      { run: aRun(), prepared: failed },
      { type: 'prepare', run },
    ],
    [
      'does nothing while its process runs it',
      { run: aRun({ process: aProcess(run) }), prepared: ready(run) },
      { type: 'rest' },
    ],
  ])('%s', (_, seen, expected) => {
    expect(step(assigned, seen)).toEqual(expected);
  });

  it('prepares it even if the slot is to stay cold', () => {
    expect(step(assigned, {}, false)).toEqual({ type: 'prepare', run });
    expect(step(assigned, { prepared: ready(run) }, false)).toEqual({ type: 'rest' });
  });
});

describe('a slot that is claimed for another build configuration', () => {
  const run = { buildConfiguration: 'duel', version: 2 };
  const claim = anEvent('AllocationRequested', run);
  const record = aBegunRecord({ run: null, crashes: -1 });
  const pending = { state: 'pending', run, reason: 'not here yet', cause: 'not-started' } as const;
  const failed = { state: 'failed', run, reason: 'no such file', cause: 'not-started' } as const;
  const prepared = ready(run);

  it.each<[string, Partial<Observed>, Action]>([
    ['prepares it', { run: aRun() }, { type: 'prepare', run }],
    ['stops the other process meanwhile', { run: aRun(), prepared: pending }, { type: 'stop' }],
    [
      'waits until it is prepared',
      { prepared: pending, answerBy: LATER },
      { type: 'rest', until: LATER },
    ],
    [
      'refuses in time if it is not prepared',
      { prepared: pending, answerBy: NOW },
      { type: 'refuse', reason: 'not here yet', cause: 'not-started' },
    ],
    [
      'refuses if the preparation failed',
      { prepared: failed, startAt: LATER },
      { type: 'refuse', reason: 'no such file', cause: 'not-started' },
    ],
    ['is started once it is prepared', { prepared, serverJson: 'match-1' }, { type: 'start' }],
  ])('%s', (_, seen, expected) => {
    expect(step([...past.warm, claim], { record, ...seen })).toEqual(expected);
  });

  it('keeps it after a crash, whatever is current by then', () => {
    const live = [...past.warm, claim, anEvent('CallbackAcked')];
    const again = [...live, anEvent('Crashed', { consequence: 'restart' })];
    const seen = { run: aRun({ exit: one }), record: aRecord(), serverJson: 'match-1' };
    expect(step(again, seen)).toEqual({ type: 'prepare', run });
    expect(step(again, { ...seen, prepared })).toEqual({ type: 'start' });
    expect(step(again, { ...seen, prepared: failed, startAt: LATER })).toEqual({
      type: 'rest',
      until: LATER,
    });
  });
});

describe('a claim that asks for a fresh process', () => {
  const claim = [...past.warm, anEvent('AllocationRequested', { fresh: true })];
  const serverJson = 'match-1';
  const record = aBegunRecord({ run: null, runBefore: 'run-1', crashes: -1 });

  it('stops the process before it, and uses any later one', () => {
    expect(step(claim, { run: aRun(), record })).toEqual({ type: 'stop' });
    const later = { run: aRun({ id: 'run-2' }), record, serverJson };
    expect(step(claim, later)).toMatchObject({ type: 'bind' });
  });

  it('keeps the process that got the callback', () => {
    const told = aRecord({ run: 'run-2', runBefore: 'run-1' });
    const seen = { run: aRun({ id: 'run-2' }), record: told, serverJson };
    expect(step(claim, seen)).toEqual({ type: 'rest' });
  });
});

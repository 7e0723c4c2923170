import { aProcess, anEvent, past } from '#testing';
import { describe, expect, it } from '@jest/globals';
import type { Observed } from './observed.js';
import type { Action } from './slot-plan.js';
import { LATER, NOW, step } from '../../test/support/plan.js';
import { aBegunRecord, aRecord, aRun } from '../../test/support/samples.js';

const zero = { exitCode: 0, signal: null };
const otherBuild = aProcess({ buildConfiguration: 'old' });
const drained = [...past.warm, anEvent('DrainRequested')];
const draining = [...past.live, anEvent('DrainRequested'), anEvent('DeallocationRequested')];

describe('a slot that the log does not know', () => {
  it('is left alone', () => {
    expect(step([], { run: aRun(), serverJson: null })).toEqual({ type: 'rest' });
  });
});

describe('an available slot', () => {
  it.each<[string, Partial<Observed>, Action]>([
    ['gets server.json emptied first', { serverJson: null }, { type: 'write', allocationId: '' }],
    ['gets a process', {}, { type: 'start' }],
    ['waits if its process keeps failing', { startAt: LATER }, { type: 'rest', until: LATER }],
    ['does nothing while its process runs', { run: aRun() }, { type: 'rest' }],
    [
      'gets a new process when the last one ended',
      { run: aRun({ exit: zero }) },
      { type: 'start' },
    ],
    ['stops a process of another build', { run: aRun({ process: otherBuild }) }, { type: 'stop' }],
  ])('%s', (_, seen, expected) => {
    expect(step(past.cold, seen)).toEqual(expected);
  });

  it('stays cold, or becomes cold, if the fleet keeps none warm', () => {
    expect(step(past.cold, {}, false)).toEqual({ type: 'rest' });
    expect(step(past.cold, { run: aRun() }, false)).toEqual({ type: 'stop' });
  });

  it('follows the warmth in the log, not the setting of its agent', () => {
    const cooled = [...past.warm, anEvent('WarmthSet', { warmth: false })];
    expect(step(cooled, { run: aRun() }, true)).toEqual({ type: 'stop' });
    const warmed = [...past.cold, anEvent('WarmthSet', { warmth: true })];
    expect(step(warmed, {}, false)).toEqual({ type: 'start' });
  });

  it('stops a process that a session used', () => {
    expect(step(past.cleared, { run: aRun(), record: aRecord() })).toEqual({ type: 'stop' });
  });

  it('stops a process that was restarted for a session, and has the token of that session', () => {
    const again = { run: aRun({ id: 'run-2' }), record: aRecord() };
    expect(step(past.deallocated, again)).toEqual({ type: 'stop' });
    const other = { run: aRun({ id: 'run-2', token: 'fresh' }), record: aRecord() };
    expect(step(past.deallocated, other)).toEqual({ type: 'clear', fence: 1 });
  });

  it('is left alone for a while if it runs a session that the log has lost', () => {
    const kept = { run: aRun(), record: aRecord({ fence: 2 }), unloggedUntil: LATER };
    expect(step(past.cold, kept)).toEqual({ type: 'rest', until: LATER });
    const other = [...past.awaiting, anEvent('CallbackRefused', { cause: 'occupied' })];
    const record = aRecord({ allocationId: 'match-9' });
    expect(step(other, { ...kept, record })).toEqual({ type: 'rest', until: LATER });
    expect(step(past.cold, { ...kept, unloggedUntil: NOW })).toEqual({ type: 'stop' });
  });

  it('stops or clears a session that the log has lost, if no requester can know of it', () => {
    expect(step(past.cold, { run: aRun(), record: aBegunRecord() })).toEqual({ type: 'stop' });
    const ended = { run: aRun({ exit: zero }), record: aRecord({ fence: 3 }) };
    expect(step(past.cold, ended, false)).toEqual({ type: 'clear', fence: 3 });
  });
});

describe('a deallocated slot', () => {
  const used = { run: aRun(), record: aRecord(), serverJson: 'match-1' };
  const ended = { ...used, run: aRun({ exit: zero }) };
  const clear: Action = { type: 'clear', fence: 1 };

  it.each<[string, Partial<Observed>, Action]>([
    ['cancels its callback', { ...used, calling: true }, { type: 'cancelCallback' }],
    [
      'gets server.json emptied, so that its game can read that',
      used,
      { type: 'write', allocationId: '' },
    ],
    ['stops its process', { ...used, serverJson: '' }, { type: 'stop' }],
    ['stops its process only once', { ...used, serverJson: '', stopping: true }, { type: 'rest' }],
    [
      'gets server.json emptied when the process is gone',
      ended,
      { type: 'write', allocationId: '' },
    ],
    ['starts a fresh process', { ...ended, serverJson: '' }, { type: 'start' }],
    [
      'is cleared with the fresh process',
      { ...used, run: aRun({ id: 'run-2', token: 'fresh' }), serverJson: '' },
      clear,
    ],
    [
      'is cleared without a process rather than late',
      { ...ended, serverJson: '', startAt: LATER },
      clear,
    ],
    ['keeps a process that never got the claim', { run: aRun() }, clear],
  ])('%s', (_, seen, expected) => {
    expect(step(past.deallocated, seen)).toEqual(expected);
  });

  it('gets no fresh process if it is to be drained', () => {
    expect(step(draining, { ...ended, serverJson: '' })).toEqual(clear);
  });
});

describe('a slot out of service', () => {
  it('stops its process', () => {
    expect(step(drained, { run: aRun() })).toEqual({ type: 'stop' });
    expect(step(drained, { run: aRun({ exit: zero }) })).toEqual({ type: 'rest' });
  });

  it('is forgotten once it is retired and empty', () => {
    const retired = [...past.warm, anEvent('SlotRetired')];
    expect(step(retired, { run: aRun() })).toEqual({ type: 'stop' });
    expect(step(retired, {})).toEqual({ type: 'retire' });
  });
});

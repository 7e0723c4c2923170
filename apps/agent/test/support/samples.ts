import { JsonText } from '#json';
import type { Assignment } from '#slot';
import { aProcess, anAllocation, someLimits } from '#testing';
import { ownConfiguration } from '../../src/builds/own-configuration.js';
import type { Observed, ObservedRun } from '../../src/slot/observed.js';
import type { Prepared } from '../../src/slot/build-preparer.js';
import { noSession, type SessionRecord } from '../../src/slot/session-record.js';
import { noSignals } from '../../src/slot/game-signals.js';

/** A running game. */
export function aRun(changes: Partial<ObservedRun> = {}): ObservedRun {
  return { id: 'run-1', token: 'secret', process: aProcess(), exit: null, ...changes };
}

/** A version that is ready to be started. */
export function ready(run: Assignment): Prepared {
  const configuration = ownConfiguration({
    fleet: 'harbour',
    buildConfiguration: run.buildConfiguration,
    command: ['game'],
    environment: {},
    attributes: {},
    requiredAttributes: [],
    priority: 0,
    ip: '192.0.2.1',
    limits: someLimits(),
    allowed: { own: 'game', executables: [], folders: [], mode: 0o660, unlimitedBecause: null },
    keepWarm: true,
    stopGraceMs: 2_000,
  });
  return { state: 'ready', run, configuration, installed: { executable: 'game', folder: null } };
}

/** What the agent sees on a new machine: nothing. */
export function observed(changes: Partial<Observed> = {}): Observed {
  return {
    run: null,
    record: noSession,
    serverJson: '',
    calling: false,
    stopping: false,
    startAt: 0,
    buildConfiguration: 'harbour-1',
    prepared: ready({ buildConfiguration: 'harbour-1', version: 0 }),
    answerBy: Infinity,
    unloggedUntil: Infinity,
    signals: noSignals,
    failure: null,
    remark: '',
    ...changes,
  };
}

/** The record of the first claim, given to the first run and accepted by it. */
export function aRecord(changes: Partial<SessionRecord> = {}): SessionRecord {
  return {
    fence: 1,
    clearedFence: 0,
    allocationId: 'match-1',
    allocation: anAllocation(),
    run: 'run-1',
    runBefore: null,
    exited: false,
    crashes: 0,
    callback: { outcome: 'acked', answer: JsonText.of({ ready: true }), token: 'secret' },
    delivered: true,
    readyFor: null,
    ...changes,
  };
}

/** The same record before the callback is answered. */
export function aBegunRecord(changes: Partial<SessionRecord> = {}): SessionRecord {
  return aRecord({ callback: { outcome: 'pending' }, delivered: false, ...changes });
}

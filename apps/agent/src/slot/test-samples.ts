import { aProcess } from '#testing';
import type { Observed, ObservedRun } from './observed.js';
import { noSession, type SessionRecord } from './record.js';

/** For the specs of this folder: what an agent may find. */
export function aRun(changes: Partial<ObservedRun> = {}): ObservedRun {
  return { id: 'run-1', process: aProcess(), exit: null, ...changes };
}

/** Nothing at all, as on a new machine. */
export function observed(changes: Partial<Observed> = {}): Observed {
  return {
    run: null,
    record: noSession,
    serverJson: '',
    calling: false,
    stopping: false,
    startAt: 0,
    buildConfiguration: 'harbour-1',
    ...changes,
  };
}

/** Of the first claim, given to the first run and accepted by it. */
export function aRecord(changes: Partial<SessionRecord> = {}): SessionRecord {
  return {
    fence: 1,
    clearedFence: 0,
    allocationId: 'match-1',
    run: 'run-1',
    crashes: 0,
    callback: { outcome: 'acked', answer: { ready: true }, token: 'secret' },
    delivered: true,
    ...changes,
  };
}

/** The same, its callback not answered yet. */
export function aBegunRecord(changes: Partial<SessionRecord> = {}): SessionRecord {
  return aRecord({ callback: { outcome: 'pending' }, delivered: false, ...changes });
}

import type { CheckFailure, GameProcess, ProcessExit } from '#slot';
import type { Desired, DesiredSession } from './desired.js';
import { sameRun, type Prepared } from './build-preparer.js';
import { isOpen, isServedBy, type SessionRecord } from './session-record.js';
import type { GameSignals } from './game-signals.js';

/** A run, as far as the plan needs it. */
export interface ObservedRun {
  readonly id: string;
  /** Its secret. */
  readonly token: string;
  readonly process: GameProcess;
  /** Null while it runs. */
  readonly exit: ProcessExit | null;
}

/** What a slot's machine looks like. */
export interface Observed {
  readonly run: ObservedRun | null;
  readonly record: SessionRecord;
  /**
   * The allocation named in server.json, empty for none; null if the file must be written again.
   */
  readonly serverJson: string | null;
  readonly calling: boolean;
  readonly stopping: boolean;
  /** Earliest time (epoch ms) for the start of a process that no request waits for. */
  readonly startAt: number;
  /** Name of the build configuration in the agent's own settings. */
  readonly buildConfiguration: string;
  /** What is ready to be started. */
  readonly prepared: Prepared;
  /** By when the callback of the claim must be answered, by this machine's clock (epoch ms). */
  readonly answerBy: number;
  /** What is wrong with the game, or with its start; null if nothing is known to be wrong. */
  readonly signals: GameSignals;
  /** How long a session that the log has lost goes on (epoch ms). */
  readonly unloggedUntil: number;
  /** What is wrong with the game, or with its start; null: nothing is known to be. */
  readonly failure: CheckFailure | null;
  /** What it took to end the last process, if more than usual; otherwise empty. */
  readonly remark: string;
}

/** Whether the run was given the session of the record. */
export function isUsed({ run, record }: Observed): boolean {
  if (run === null) return false;
  // A run that is started again for a session has the token of its players from the beginning.
  const { callback } = record;
  const isAgain = callback.outcome === 'acked' && isOpen(record) && callback.token === run.token;
  return isAgain || isServedBy(record, run.id);
}

export function isRunning({ run }: Observed): boolean {
  return run !== null && run.exit === null;
}

/**
 * Whether the run may serve the session: it was given the session already, or it is the right
 * version, and is not the old process if a new one is asked for.
 */
export function isFit(session: DesiredSession, { run, record }: Observed): boolean {
  if (run === null) return false;
  if (record.delivered && record.run === run.id) return true;
  const isStale = session.allocation.fresh && record.runBefore === run.id;
  return !isStale && sameRun(run.process, session.run);
}

/** Whether the session's process has ended, even if nothing is left to tell how. */
export function hasSessionEnded(seen: Observed): boolean {
  const { run, record } = seen;
  if (record.run === null) return false;
  return run?.id === record.run ? run.exit !== null : true;
}

/** Whether the session's run has exited with 0. */
export function hasExitedZero({ run, record }: Observed): boolean {
  return run?.id === record.run && run?.exit?.exitCode === 0;
}

/** Whether the log has recorded the crash of the session's run and wants the game restarted. */
export function isCrashRecorded(session: DesiredSession, { record }: Observed): boolean {
  return session.process === null && session.allocation.crashes > record.crashes;
}

/** Whether the log knows of a process for the session that this machine has never known. */
export function isProcessLost(session: DesiredSession, seen: Observed): boolean {
  return seen.record.run === null && session.process !== null && !isRunning(seen);
}

/**
 * Whether the session is the one in the record. After the log went back, it can have another fence.
 */
export function isSame({ allocation }: DesiredSession, record: SessionRecord): boolean {
  return isOpen(record) && record.allocationId === allocation.id;
}

/**
 * What is wanted: what the log says, or what follows from it once the game has ended the session.
 */
export function afterExit(logged: Desired, record: SessionRecord): Desired {
  if (logged.kind !== 'session' || !record.exited) return logged;
  const { session, after } = logged;
  const isIt = isSame(session, record) && session.fence === record.fence && !session.awaiting;
  return isIt ? after : logged;
}

/**
 * Whether a session runs here that the log has lost because it went back. Only a session that was
 * accepted counts, since players may have been sent to it.
 *
 * @param logged the allocation that the log has instead; null if there is none
 */
export function isUnlogged(logged: string | null, seen: Observed): boolean {
  const { record, signals } = seen;
  const { callback, allocation } = record;
  const isReady = allocation?.readiness !== true || signals.readyFor === record.fence;
  const isAccepted = callback.outcome === 'acked' && isReady;
  return isAccepted && isRunning(seen) && isUsed(seen) && record.allocationId !== logged;
}

/**
 * Whether the claim must not be served: it is not later than the one in the record, or the record's
 * session, which the log has lost, still runs.
 */
export function isOutdated(session: DesiredSession, seen: Observed): boolean {
  const { record } = seen;
  if (isSame(session, record)) return false;
  return session.fence <= record.fence || isUnlogged(session.allocation.id, seen);
}

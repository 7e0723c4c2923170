import type { Assignment, ReportedCause } from '#slot';
import { OWN_VERSION } from '../builds/own-configuration.js';
import type { Desired, DesiredSession, Free } from './desired.js';
import {
  hasExitedZero,
  hasSessionEnded,
  isCrashRecorded,
  isFit,
  isOutdated,
  isSame,
  isUnlogged,
  isProcessLost,
  isRunning,
  isUsed,
  type Observed,
} from './observed.js';
import { sameRun } from './build-preparer.js';
import { isOpen, type SessionRecord } from './session-record.js';

/** One action that brings a machine closer to what it should be. */
export type Action =
  /** Do nothing until `until` (epoch ms), or until something changes. */
  | { readonly type: 'rest'; readonly until?: number }
  /** The log names a claim older than one seen before: do not follow it. */
  | { readonly type: 'ignore' }
  | { readonly type: 'begin'; readonly session: DesiredSession }
  /** The log had lost the session, and now has it under this fence. */
  | { readonly type: 'adopt'; readonly fence: number }
  | { readonly type: 'refuse'; readonly reason: string; readonly cause: ReportedCause }
  /** Make ready all that this version needs for a start. */
  | { readonly type: 'prepare'; readonly run: Assignment }
  /** Start what is ready. */
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  /** Give the session to the running process. */
  | { readonly type: 'bind'; readonly session: DesiredSession }
  | { readonly type: 'write'; readonly allocationId: string }
  | { readonly type: 'call'; readonly session: DesiredSession }
  | { readonly type: 'cancelCallback' }
  /** Remember that the game has ended the session by exiting with 0. */
  | { readonly type: 'exited' }
  | { readonly type: 'clear'; readonly fence: number }
  | { readonly type: 'retire' };

const rest: Action = { type: 'rest' };

/** What to do next. It is asked again after every action, until it says `rest` or `ignore`. */
export function nextAction(wanted: Desired, seen: Observed, now: number): Action {
  switch (wanted.kind) {
    case 'asIs':
      return rest;
    case 'free': {
      const action = actionWhenFree(wanted, seen, now);
      // Until the log shows the end of the session, it is reported instead: see `isClean`.
      return action.type === 'clear' && !wanted.isShown ? rest : action;
    }
    case 'session':
      return actionForSession(wanted.session, seen, now);
    default:
      return wanted satisfies never;
  }
}

/**
 * Whether the slot is as clean as it gets after a session that its game has ended, while the log
 * does not show the end yet.
 */
export function isClean(wanted: Desired, seen: Observed): boolean {
  if (wanted.kind !== 'free' || wanted.isShown) return false;
  return actionWhenFree(wanted, seen, Infinity).type === 'clear';
}

function actionWhenFree(wanted: Free, seen: Observed, now: number): Action {
  const { record } = seen;
  const { run, warm } = wanted;
  if (!wanted.forEver && isUnlogged(wanted.ended, seen) && now < seen.unloggedUntil) {
    return { type: 'rest', until: seen.unloggedUntil };
  }
  if (seen.calling) return { type: 'cancelCallback' };
  // Write this before the game is stopped, so that the game can learn that its session is over.
  if (seen.serverJson !== '') return { type: 'write', allocationId: '' };
  if (isRunning(seen) && (!warm || isUsed(seen))) return stop(seen);
  if (run !== null && isToPrepare(run, seen, now)) return { type: 'prepare', run };
  const isReady = isPrepared(run, seen);
  // The running process stays until all is ready for the one that replaces it.
  if (isRunning(seen) && isReady && !sameRun(seen.run?.process, run)) return stop(seen);
  const lacks = warm && !isRunning(seen);
  if (lacks && isReady && now >= seen.startAt) return { type: 'start' };
  // Offer the slot again now, without a process, rather than later with one.
  const traces = tracesOf(wanted, record);
  if (record.clearedFence < traces) return { type: 'clear', fence: traces };
  if (seen.prepared.state === 'failed' || (lacks && isReady)) return pause(seen, now);
  return wanted.forEver ? { type: 'retire' } : rest;
}

/** The latest claim that may have left traces, even if the log went back to before that claim. */
function tracesOf({ clears, forEver }: Free, record: SessionRecord): number {
  return Math.max(clears ?? 0, isOpen(record) && !forEver ? record.fence : 0);
}

function actionForSession(session: DesiredSession, seen: Observed, now: number): Action {
  const { record } = seen;
  if (isOutdated(session, seen)) return { type: 'ignore' };
  if (!isSame(session, record)) {
    if (!isRunning(seen) || !isUsed(seen)) return { type: 'begin', session };
    return seen.calling ? { type: 'cancelCallback' } : stop(seen);
  }
  if (session.fence > record.fence) return { type: 'adopt', fence: session.fence };
  return session.awaiting
    ? actionWhileAwaiting(session, seen, now)
    : actionWhilePlaying(session, seen, now);
}

/** A request waits for the callback's answer: start what is needed without delay. */
function actionWhileAwaiting(session: DesiredSession, seen: Observed, now: number): Action {
  if (hasSessionEnded(seen)) return rest;
  if (seen.record.callback.outcome === 'acked') return actionWhileNotSaidReady(session, seen, now);
  if (seen.record.callback.outcome === 'refused') return rest;
  const { buildConfiguration, version } = session.run;
  if (version === OWN_VERSION && buildConfiguration !== seen.buildConfiguration) {
    const reason = `the agent does not run build ${buildConfiguration}`;
    return { type: 'refuse', reason, cause: 'not-started' };
  }
  return actionToCallBack(session, seen, now, { type: 'start' });
}

/**
 * The game has accepted the session. If readiness is asked for, it must still say that it is ready.
 */
function actionWhileNotSaidReady(session: DesiredSession, seen: Observed, now: number): Action {
  const { answerBy, signals, record } = seen;
  if (!session.allocation.readiness || signals.readyFor === record.fence) return rest;
  if (now < answerBy) return answerBy === Infinity ? rest : { type: 'rest', until: answerBy };
  const reason = 'the game did not say in time that it is ready';
  return { type: 'refuse', reason, cause: 'no-answer' };
}

/** The session runs. A process that crashed is restarted once the log has recorded its crash. */
function actionWhilePlaying(session: DesiredSession, seen: Observed, now: number): Action {
  if (hasSessionEnded(seen) && !isCrashRecorded(session, seen)) {
    return hasExitedZero(seen) ? { type: 'exited' } : rest;
  }
  // The log knows of a process for the session, but no run here was given it: report its end.
  if (isProcessLost(session, seen)) return rest;
  return actionToCallBack(
    session,
    seen,
    now,
    now < seen.startAt ? pause(seen, now) : { type: 'start' },
  );
}

function actionToCallBack(
  session: DesiredSession,
  seen: Observed,
  now: number,
  start: Action,
): Action {
  const { record, run } = seen;
  const isThere = isRunning(seen) && isFit(session, seen);
  if (!isThere && isToPrepare(session.run, seen, session.awaiting ? -Infinity : now)) {
    return { type: 'prepare', run: session.run };
  }
  if (seen.stopping) return rest;
  if (isRunning(seen) && !isThere) return stop(seen);
  if (!isThere && !isPrepared(session.run, seen)) return actionWhileNotReady(session, seen, now);
  if (seen.serverJson !== session.allocation.id) {
    return { type: 'write', allocationId: session.allocation.id };
  }
  if (!isThere) return start;
  if (record.run !== run?.id) return { type: 'bind', session };
  if (record.delivered || seen.calling) return rest;
  return { type: 'call', session };
}

/** What cannot be started yet is waited for only as long as a request waits for it. */
function actionWhileNotReady({ awaiting }: DesiredSession, seen: Observed, now: number): Action {
  const { prepared, answerBy } = seen;
  if (!awaiting) return prepared.state === 'failed' ? pause(seen, now) : rest;
  if (prepared.state === 'failed') return notPrepared(prepared.reason);
  if (prepared.state === 'pending' && now >= answerBy) {
    return notPrepared(prepared.reason);
  }
  return answerBy === Infinity ? rest : { type: 'rest', until: answerBy };
}

function notPrepared(reason: string): Action {
  return { type: 'refuse', reason, cause: 'not-started' };
}

/** Whether the version was not prepared yet, or its preparation failed and may be tried again. */
function isToPrepare(run: Assignment, { prepared, startAt }: Observed, now: number): boolean {
  if (!sameRun(prepared.run, run)) return true;
  return prepared.state === 'failed' && now >= startAt;
}

function isPrepared(run: Assignment | null, { prepared }: Observed): boolean {
  return prepared.state === 'ready' && sameRun(prepared.run, run);
}

/** Rests until the game may be started again. */
function pause({ startAt }: Observed, now: number): Action {
  return startAt <= now ? rest : { type: 'rest', until: startAt };
}

function stop(seen: Observed): Action {
  return seen.stopping ? rest : { type: 'stop' };
}

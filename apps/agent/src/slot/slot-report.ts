import {
  exitInWords,
  type Offer,
  type ProcessExit,
  type SessionReport,
  type SlotReport,
  type UnloggedSession,
} from '#slot';
import { loggedAllocation, type Desired, type DesiredSession } from './desired.js';
import {
  hasSessionEnded,
  isOutdated,
  isSame,
  isUnlogged,
  isProcessLost,
  isRunning,
  type Observed,
} from './observed.js';
import { countOf } from './game-signals.js';
import { isOpen, type SessionRecord } from './session-record.js';
import { isClean } from './slot-plan.js';

const UNSEEN: ProcessExit = { exitCode: null, signal: null };
const ZERO: ProcessExit = { exitCode: 0, signal: null };

/** Everything that the agent sees of a slot. */
export function reportOf(
  wanted: Desired,
  seen: Observed,
  offer: Offer,
  incarnation: number,
): SlotReport {
  const { run, record } = seen;
  const session = wanted.kind === 'session' ? wanted.session : null;
  const unlogged = unloggedSession(loggedAllocation(wanted), seen);
  return {
    offer,
    incarnation,
    process: isRunning(seen) ? (run?.process ?? null) : null,
    session: sessionReport(session, seen, isClean(wanted, seen)),
    clearedFence: clearedFence(session, record),
    ...(unlogged && { unlogged }),
    remark: seen.remark,
    heldUntil: seen.signals.heldUntil,
    failure: seen.failure,
  };
}

function sessionReport(
  session: DesiredSession | null,
  seen: Observed,
  isCleared: boolean,
): SessionReport | null {
  const { record } = seen;
  if (session !== null && isOutdated(session, seen)) return outdated(session);
  if (!isOpen(record)) return null;
  const { allocationId } = record;
  const fence = session !== null && isSame(session, record) ? session.fence : record.fence;
  const { readyFor } = seen.signals;
  // If readiness is asked for, acceptance is not enough: the game must say that it is ready.
  const isWaited = session?.allocation.readiness === true && readyFor !== record.fence;
  const exit = exitOf(session, seen);
  const callback = callbackOf(record, isWaited, exit);
  // Crashes that the log had recorded when the run was given the session, and this run's own, if
  // any.
  const before = record.run === null ? (session?.allocation.crashes ?? 0) : record.crashes;
  const crashes = before + (exit !== null && exit.exitCode !== 0 ? 1 : 0);
  const about = { fence, allocationId };
  const cleared = isCleared ? ({ cleared: true } as const) : {};
  return { ...about, callback, players: null, ...countOf(seen.signals), exit, ...cleared, crashes };
}

/** The data with which the log can record the session again. */
function unloggedSession(logged: string | null, seen: Observed): UnloggedSession | null {
  const { fence, allocation, callback, crashes } = seen.record;
  if (allocation === null || callback.outcome !== 'acked' || !isUnlogged(logged, seen)) return null;
  const { answer, token } = callback;
  return { fence, allocation: { ...allocation, answer, token, crashes: Math.max(0, crashes) } };
}

/** After the log went back, a session can get a fence that is lower than that of earlier claims. */
function clearedFence(session: DesiredSession | null, record: SessionRecord): number {
  if (session === null || !isSame(session, record)) return record.clearedFence;
  return Math.min(record.clearedFence, session.fence - 1);
}

/** A game that ends before it was ready has had no session, whatever its exit code is. */
function callbackOf(
  { callback }: SessionRecord,
  isWaited: boolean,
  exit: ProcessExit | null,
): SessionReport['callback'] {
  const isPending = callback.outcome === 'pending' || (isWaited && callback.outcome === 'acked');
  if (!isPending) return callback;
  if (exit === null) return { outcome: 'pending' };
  const reason = `the game ${exitInWords(exit)} before it was ready`;
  return { outcome: 'refused', reason, cause: 'process-ended' };
}

function exitOf(session: DesiredSession | null, seen: Observed): ProcessExit | null {
  if (session !== null && !session.awaiting && isProcessLost(session, seen)) return UNSEEN;
  if (!hasSessionEnded(seen)) return null;
  if (seen.record.exited) return ZERO;
  return seen.run?.id === seen.record.run ? seen.run.exit : UNSEEN;
}

/** A log that was restored from a copy may repeat old claims: they must not reach a game. */
function outdated({ fence, allocation }: DesiredSession): SessionReport {
  const reason = 'the agent serves another session of this slot, or has seen a later claim';
  const callback = { outcome: 'refused', reason, cause: 'game' } as const;
  const about = { fence, allocationId: allocation.id };
  return { ...about, callback, players: null, exit: null, crashes: 0 };
}

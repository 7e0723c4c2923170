import {
  exitInWords,
  type Offer,
  type ProcessExit,
  type SessionReport,
  type SlotReport,
} from '#slot';
import type { Desired, DesiredSession } from './desired.js';
import {
  hasSessionEnded,
  isOutdated,
  isProcessLost,
  isRunning,
  type Observed,
} from './observed.js';
import { countOf } from './game-signals.js';
import { isOpen, type SessionRecord } from './session-record.js';

const UNSEEN: ProcessExit = { exitCode: null, signal: null };

/** Everything that the agent sees of a slot. */
export function reportOf(
  wanted: Desired,
  seen: Observed,
  offer: Offer,
  incarnation: number,
): SlotReport {
  const { run, record } = seen;
  return {
    offer,
    incarnation,
    process: isRunning(seen) ? (run?.process ?? null) : null,
    session: sessionReport(wanted.kind === 'session' ? wanted.session : null, seen),
    clearedFence: record.clearedFence,
    remark: seen.remark,
    heldUntil: seen.signals.heldUntil,
    failure: seen.failure,
  };
}

function sessionReport(session: DesiredSession | null, seen: Observed): SessionReport | null {
  const { record } = seen;
  if (session !== null && isOutdated(session, record)) return outdated(session.fence);
  if (!isOpen(record)) return null;
  const { fence } = record;
  const { readyFor } = seen.signals;
  // If readiness is asked for, acceptance is not enough: the game must say that it is ready.
  const isWaited = session?.allocation.readiness === true && readyFor !== fence;
  const exit = exitOf(session, seen);
  const callback = callbackOf(record, isWaited, exit);
  // Crashes that the log had recorded when the run was given the session, and this run's own, if
  // any.
  const before = record.run === null ? (session?.allocation.crashes ?? 0) : record.crashes;
  const crashes = before + (exit !== null && exit.exitCode !== 0 ? 1 : 0);
  return { fence, callback, players: null, ...countOf(seen.signals), exit, crashes };
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
  return seen.run?.id === seen.record.run ? seen.run.exit : UNSEEN;
}

/** A log that was restored from a copy may repeat old claims: they must not reach a game. */
function outdated(fence: number): SessionReport {
  const reason = 'the agent has seen a later claim of this slot';
  const callback = { outcome: 'refused', reason, cause: 'game' } as const;
  return { fence, callback, players: null, exit: null, crashes: 0 };
}

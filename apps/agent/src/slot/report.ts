import {
  slot,
  type Offer,
  type ProcessExit,
  type SessionReport,
  type SlotReport,
  type SlotState,
} from '#slot';
import type { Desired, DesiredSession } from './desired.js';
import {
  hasSessionEnded,
  isOutdated,
  isProcessLost,
  isRunning,
  type Observed,
} from './observed.js';
import { isOpen } from './record.js';

const UNSEEN: ProcessExit = { exitCode: null, signal: null };

/** The whole of what the agent sees of a slot. */
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
    remark: '',
    heldUntil: null,
    failure: null,
  };
}

/**
 * Whether reporting would change nothing in the log any more. The report is put to the very
 * decider that allocators put it to.
 */
export function isShown(state: SlotState, report: SlotReport, at: number): boolean {
  const decision = slot.decide(state, { type: 'ApplyReport', at, report });
  return decision.kind === 'refused' || decision.steps.length === 0;
}

function sessionReport(session: DesiredSession | null, seen: Observed): SessionReport | null {
  const { record } = seen;
  if (session !== null && isOutdated(session, record)) return outdated(session.fence);
  if (!isOpen(record)) return null;
  const { fence, callback } = record;
  const exit = exitOf(session, seen);
  // Those the log had recorded when the run was given the session, and perhaps this run's own.
  const before = record.run === null ? (session?.allocation.crashes ?? 0) : record.crashes;
  const crashes = before + (exit !== null && exit.exitCode !== 0 ? 1 : 0);
  return { fence, callback, players: null, exit, crashes };
}

function exitOf(session: DesiredSession | null, seen: Observed): ProcessExit | null {
  if (session !== null && !session.awaiting && isProcessLost(session, seen)) return UNSEEN;
  if (!hasSessionEnded(seen)) return null;
  return seen.run?.id === seen.record.run ? seen.run.exit : UNSEEN;
}

/** Claims may come again in a log that was restored from a copy: they must not reach a game. */
function outdated(fence: number): SessionReport {
  const reason = 'the agent has seen a later claim of this slot';
  return { fence, callback: { outcome: 'refused', reason }, players: null, exit: null, crashes: 0 };
}

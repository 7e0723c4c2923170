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
  isCrashRecorded,
  isOutdated,
  isProcessLost,
  isRunning,
  type Observed,
} from './observed.js';
import { isOpen } from './record.js';

const UNSEEN: ProcessExit = { exitCode: null, signal: null };

/** The whole of what the agent sees of a slot, told so that the log misses no step of it. */
export function reportOf(
  wanted: Desired,
  seen: Observed,
  offer: Offer,
  incarnation: number,
): SlotReport {
  const session = wanted.kind === 'session' ? wanted.session : null;
  const unheard = session !== null && isUnheard(session, seen);
  return {
    offer,
    incarnation,
    process: isRunning(seen) || unheard ? (seen.run?.process ?? null) : null,
    session: sessionReport(session, seen, unheard),
    clearedFence: seen.record.clearedFence,
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

function sessionReport(
  session: DesiredSession | null,
  seen: Observed,
  unheard: boolean,
): SessionReport | null {
  const { record } = seen;
  if (session !== null && isOutdated(session, record)) return outdated(session.fence);
  if (!isOpen(record)) return null;
  const { fence, callback } = record;
  return { fence, callback, players: null, exit: unheard ? null : exitOf(session, seen) };
}

/**
 * The session's process has ended before the log knew of it. The log has to hear of the process
 * first: the end of one it does not know would be no news to it, and be lost.
 */
function isUnheard(session: DesiredSession, seen: Observed): boolean {
  const { record, run } = seen;
  if (run === null || run.exit === null || run.id !== record.run) return false;
  if (session.awaiting) return record.callback.outcome === 'acked';
  return session.process === null && !isCrashRecorded(session, seen);
}

function exitOf(session: DesiredSession | null, seen: Observed): ProcessExit | null {
  if (session !== null && !session.awaiting && isProcessLost(session, seen)) return UNSEEN;
  if (!hasSessionEnded(seen)) return null;
  return seen.run?.id === seen.record.run ? seen.run.exit : UNSEEN;
}

/** Claims may come again in a log that was restored from a copy: they must not reach a game. */
function outdated(fence: number): SessionReport {
  const reason = 'the agent has seen a later claim of this slot';
  return { fence, callback: { outcome: 'refused', reason }, players: null, exit: null };
}

import type { Desired, DesiredSession, Free } from './desired.js';
import {
  hasSessionEnded,
  isCrashRecorded,
  isOutdated,
  isProcessLost,
  isRunning,
  isUsed,
  type Observed,
} from './observed.js';
import { isOpen } from './record.js';

/** One thing to do that brings a machine nearer to what it should be. */
export type Step =
  /** Nothing to do, before `until` (epoch ms) or for as long as nothing changes. */
  | { readonly type: 'rest'; readonly until?: number }
  /** The log names a claim older than one seen before: it is not followed. */
  | { readonly type: 'ignore' }
  | { readonly type: 'begin'; readonly session: DesiredSession }
  | { readonly type: 'refuse'; readonly reason: string }
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  /** The running process is given the session. */
  | { readonly type: 'bind'; readonly session: DesiredSession }
  | { readonly type: 'write'; readonly allocationId: string }
  | { readonly type: 'call'; readonly session: DesiredSession }
  | { readonly type: 'hush' }
  | { readonly type: 'clear'; readonly fence: number }
  | { readonly type: 'retire' };

const rest: Step = { type: 'rest' };

/** What to do next; asked again after every step, until it says to rest. */
export function nextStep(wanted: Desired, seen: Observed, now: number): Step {
  switch (wanted.kind) {
    case 'asIs':
      return rest;
    case 'free':
      return stepToFree(wanted, seen, now);
    case 'session':
      return stepToSession(wanted.session, seen, now);
    default:
      return wanted satisfies never;
  }
}

function stepToFree(wanted: Free, seen: Observed, now: number): Step {
  const { record } = seen;
  const { warm, clears } = wanted;
  if (isOpen(record) && wanted.fence < record.fence) return { type: 'ignore' };
  if (seen.calling) return { type: 'hush' };
  if (isRunning(seen) && (!warm || isUsed(seen) || isOfAnotherBuild(seen))) return stop(seen);
  if (seen.serverJson !== '') return { type: 'write', allocationId: '' };
  const lacks = warm && !isRunning(seen);
  if (lacks && now >= seen.startAt) return { type: 'start' };
  // Better offered again without a process than later.
  if (clears !== null && record.clearedFence < clears) return { type: 'clear', fence: clears };
  if (lacks) return { type: 'rest', until: seen.startAt };
  return wanted.forEver ? { type: 'retire' } : rest;
}

function stepToSession(session: DesiredSession, seen: Observed, now: number): Step {
  const { record } = seen;
  if (session.fence > record.fence) {
    if (!isRunning(seen) || !isUsed(seen)) return { type: 'begin', session };
    return seen.calling ? { type: 'hush' } : stop(seen);
  }
  if (isOutdated(session, record)) return { type: 'ignore' };
  return session.awaiting ? stepToAnswer(session, seen) : stepToPlay(session, seen, now);
}

/** The claim waits for the callback's answer: what it needs is started without delay. */
function stepToAnswer(session: DesiredSession, seen: Observed): Step {
  if (seen.record.callback.outcome !== 'pending' || hasSessionEnded(seen)) return rest;
  if (session.allocation.buildConfiguration !== seen.buildConfiguration) {
    const { buildConfiguration } = session.allocation;
    return { type: 'refuse', reason: `the agent does not run build ${buildConfiguration}` };
  }
  return stepToCalled(session, seen, { type: 'start' });
}

/** The session runs; a process that crashed comes back once the log has recorded its crash. */
function stepToPlay(session: DesiredSession, seen: Observed, now: number): Step {
  if (hasSessionEnded(seen) && !isCrashRecorded(session, seen)) return rest;
  // No run was ever given the session here, yet the log knows of one: its end has to be told.
  if (isProcessLost(session, seen)) return rest;
  const start: Step =
    now < seen.startAt ? { type: 'rest', until: seen.startAt } : { type: 'start' };
  return stepToCalled(session, seen, start);
}

function stepToCalled(session: DesiredSession, seen: Observed, start: Step): Step {
  const { record, run } = seen;
  if (seen.stopping) return rest;
  if (isRunning(seen) && isOfAnotherBuild(seen) && !record.delivered) return stop(seen);
  if (seen.serverJson !== session.allocation.id) {
    return { type: 'write', allocationId: session.allocation.id };
  }
  if (!isRunning(seen)) return start;
  if (record.run !== run?.id) return { type: 'bind', session };
  if (record.delivered || seen.calling) return rest;
  return { type: 'call', session };
}

function isOfAnotherBuild({ run, buildConfiguration }: Observed): boolean {
  return run !== null && run.process.buildConfiguration !== buildConfiguration;
}

function stop(seen: Observed): Step {
  return seen.stopping ? rest : { type: 'stop' };
}

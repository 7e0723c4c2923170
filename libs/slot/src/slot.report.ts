import { refusal } from '#kernel';
import { exitInWords } from './slot.exits.js';
import type { ApplyReport, SessionReport, SlotProposal, SlotReport } from './slot.commands.js';
import type { SlotEvent } from './slot.events.js';
import { CHECKS, type GameProcess, type Offer, type RefusalCause } from './slot.parts.js';
import { endedByReturn, isOccupied } from './slot.restoration.js';
import type { SlotContext, SlotState } from './slot.state.js';

/**
 * How long after its deadline an answer to a callback still counts (ms): the allocator that would
 * have recorded it may have been away. After this time the requester has long been told otherwise.
 */
const LATE_ANSWER_MS = 10_000;
const TOO_LATE = `the game's answer came more than ${LATE_ANSWER_MS / 1_000} s after its deadline`;

/**
 * Turns what an agent sees into events: those that lead from the recorded state to the reported
 * one. A report with nothing new proposes nothing, so any report may come twice, late or never.
 */
export function proposeFromReport(state: SlotState, command: ApplyReport): SlotProposal {
  const { report, at } = command;
  const { value, context } = state;
  if (report.incarnation < context.incarnation) {
    return refusal('stale-report', 'the report comes from an earlier start of the agent');
  }
  // After a restart of its agent a free slot is registered again; an allocated one only notes the
  // new incarnation.
  const isNew = context.allocation !== null && report.incarnation > context.incarnation;
  const returned: SlotEvent[] =
    context.agentLost || isNew
      ? [{ type: 'AgentReturned', at, incarnation: report.incarnation }]
      : [];
  const remarks = remarked(value, context, report, at);
  return [...returned, ...remarks, ...seen(value, context, command)];
}

/** Facts about the game that do not change the slot's state: a hold, a failed check. */
function remarked(
  value: SlotState['value'],
  context: SlotContext,
  { heldUntil, failure }: SlotReport,
  at: number,
): readonly SlotEvent[] {
  if (typeof value !== 'object') return [];
  const events: SlotEvent[] = [];
  if (heldUntil !== context.heldUntil) events.push({ type: 'HoldSet', at, until: heldUntil });
  if (failure !== null && failure.failedAt !== context.failure?.failedAt) {
    // Only the first failed start is counted here: the agent reports the failure again after each
    // claim, and the claims are counted themselves.
    const isFirst = failure.check === CHECKS.start && context.failedStarts === null;
    const failedStarts = isFirst ? nextFailedStart(context) : 0;
    events.push({ type: 'CheckFailed', at, failure, failedStarts });
  }
  return events;
}

function seen(
  value: SlotState['value'],
  context: SlotContext,
  command: ApplyReport,
): readonly SlotEvent[] {
  const { report, at } = command;
  if (typeof value === 'object') {
    return 'available' in value
      ? seenWhileFree(context, command)
      : seenWhileAllocated(value.allocated, context, report, at);
  }
  switch (value) {
    case 'unregistered':
    case 'drained':
    case 'maintenance':
      return seenWhileFree(context, command);
    case 'deallocated':
      return report.clearedFence >= context.fence && report.unlogged === undefined
        ? [{ type: 'SlotCleared', at, process: report.process, remark: report.remark }]
        : [];
    case 'retired':
      return [];
    default:
      return value satisfies never;
  }
}

function seenWhileFree(
  context: SlotContext,
  { report, at, numbers }: ApplyReport,
): readonly SlotEvent[] {
  const { incarnation, process, clearedFence, registeredBy: by } = report;
  const events: SlotEvent[] = [];
  const isNew = incarnation > context.incarnation || clearedFence > context.fence;
  const offer = report.offer ?? (numbers && context.offer);
  if (offer && (isNew || numbers !== undefined || !sameOffer(offer, context.offer))) {
    const fence = clearedFence > context.fence ? clearedFence : 0;
    const numbered = numbers === undefined ? {} : { numbers };
    const asked = by === undefined ? {} : { by };
    events.push({ type: 'SlotRegistered', at, offer, incarnation, fence, ...numbered, ...asked });
  }
  if (process !== null && !sameProcess(process, context.process)) {
    events.push({ type: 'ProcessStarted', at, process });
  }
  if (process === null && context.process !== null) {
    events.push({ type: 'ProcessStopped', at, reason: 'the agent reports no process' });
  }
  return events;
}

function seenWhileAllocated(
  phase: 'awaiting' | 'live' | 'idle',
  context: SlotContext,
  report: SlotReport,
  at: number,
): readonly SlotEvent[] {
  const { session, process } = report;
  if (isOccupied(report, context)) return endedByReturn(phase, at);
  if (session?.fence !== context.fence) return [];
  if ((session.allocationId ?? context.allocation?.id) !== context.allocation?.id) return [];
  if (phase === 'awaiting') return callbackSeen(session, process, context, at);
  if (session.exit?.exitCode === 0) {
    const { remark } = report;
    return [{ type: 'ExitedZero', at, ...(session.cleared && { cleared: { process, remark } }) }];
  }
  if (session.crashes > (context.allocation?.crashes ?? 0)) {
    return [crashSeen(session.exit, context, at)];
  }
  const events: SlotEvent[] = [];
  if (process !== null && !sameProcess(process, context.process)) {
    events.push({ type: 'ProcessStarted', at, process });
  }
  return [...events, ...playersSeen(phase, session, context, at)];
}

function callbackSeen(
  { callback, exit }: SessionReport,
  process: GameProcess | null,
  context: SlotContext,
  at: number,
): readonly SlotEvent[] {
  const failedStarts = nextFailedStart(context);
  const refused = (cause: RefusalCause, reason: string): SlotEvent => {
    return {
      type: 'CallbackRefused',
      at,
      cause,
      reason,
      failedStarts: cause === 'game' ? 0 : failedStarts,
      ...lastLineOf(exit),
    };
  };
  switch (callback.outcome) {
    case 'acked': {
      if (at > (context.allocation?.callbackUntil ?? at) + LATE_ANSWER_MS) {
        return [{ type: 'CallbackTimedOut', at, reason: TOO_LATE, failedStarts }];
      }
      const { outcome: _, ...told } = callback;
      return [{ type: 'CallbackAcked', at, ...told, process }];
    }
    case 'refused':
      return [refused(callback.cause, callback.reason)];
    case 'pending':
      return exit === null
        ? []
        : [refused('process-ended', `the game ${exitInWords(exit)} before it answered`)];
    default:
      return callback satisfies never;
  }
}

/** The count of failed starts in a row, if another one fails now. */
export function nextFailedStart({ failedStarts }: SlotContext): number {
  return (failedStarts?.count ?? 0) + 1;
}

function crashSeen(
  exit: SessionReport['exit'],
  { allocation, offer }: SlotContext,
  at: number,
): SlotEvent {
  const restartsMax = allocation?.restartsMax ?? offer?.limits.restartsMax ?? 0;
  const restarts = allocation?.crashes ?? 0;
  const isRestarted = restarts < restartsMax;
  const then = isRestarted
    ? `restart ${restarts + 1} of ${restartsMax} follows`
    : `no restart is left of ${restartsMax}`;
  return {
    type: 'Crashed',
    at,
    exitCode: exit?.exitCode ?? null,
    signal: exit?.signal ?? null,
    consequence: isRestarted ? 'restart' : 'end',
    reason: `the game ${exitInWords(exit)}; ${then}`,
    ...lastLineOf(exit),
  };
}

/** Not in the reason, which whoever asked for the server is told. */
function lastLineOf(exit: SessionReport['exit']): { readonly lastLine?: string } {
  return exit?.lastLine === undefined ? {} : { lastLine: exit.lastLine };
}

function playersSeen(
  phase: 'live' | 'idle',
  { players, uncounted }: SessionReport,
  { allocation }: SlotContext,
  at: number,
): readonly SlotEvent[] {
  const clockRuns = allocation?.idleUntil !== null;
  if (uncounted !== undefined) {
    return clockRuns ? [{ type: 'WentActive', at, players: 0, uncounted }] : [];
  }
  if (players === null) return [];
  if (players > 0) return clockRuns ? [{ type: 'WentActive', at, players }] : [];
  return phase === 'live' && !clockRuns ? [{ type: 'WentIdle', at }] : [];
}

function sameProcess(one: GameProcess, other: GameProcess | null): boolean {
  return other !== null && one.pid === other.pid && one.startedAt === other.startedAt;
}

/**
 * Leaves the offer out of a report if the log at `state` already shows it: this halves the report.
 */
export function withoutShownOffer(report: SlotReport, { context }: SlotState): SlotReport {
  const { offer, registeredBy: _, ...rest } = report;
  const isShown = offer !== undefined && sameOffer(offer, context.offer);
  const isNew = report.incarnation !== context.incarnation || report.clearedFence > context.fence;
  return isShown && !isNew ? rest : report;
}

/** Offers are small and have one writer, so comparing their text is enough. */
function sameOffer(one: Offer, other: Offer | null): boolean {
  return other !== null && JSON.stringify(one) === JSON.stringify(other);
}

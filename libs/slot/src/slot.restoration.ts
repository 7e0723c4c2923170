import type { RestoreSession, SlotProposal, SlotReport, WithdrawalCause } from './slot.commands.js';
import type { SlotEvent } from './slot.events.js';
import type { SlotContext, SlotState } from './slot.state.js';

/*
 * Decisions on a slot after the log went back, by a restored copy or a power cut: the slot's agent
 * remembers claims that the log does not have.
 */

/** For people; but allocators of versions up to 0.2.0 compare the first of these strings. */
export const WITHDRAWALS: Readonly<Record<WithdrawalCause, string>> = {
  'fleet-maximum': "beyond the fleet's maximum",
  occupied: 'the machine serves a session that the log had lost, or has seen a later claim',
};

/**
 * Proposes to record again a session that the log has lost. It goes on under a fence above all
 * earlier ones.
 */
export function proposeRestoration(
  { value, context }: SlotState,
  { at, session, process }: RestoreSession,
): SlotProposal {
  const { id } = session.allocation;
  // The log has the session, or its end.
  if (context.allocation?.id === id || hasEnded(context, id)) return [];
  if (typeof value === 'object' && 'allocated' in value) return [];
  const fence = Math.max(session.fence, context.fence + 1);
  const { idleMs } = session.allocation;
  // The time of the acknowledgement is not known, nor whether there are players: both begin anew.
  const allocation = { ...session.allocation, acknowledgedAt: at, idleUntil: at + idleMs };
  return [{ type: 'SessionRestored', at, allocation, fence, process }];
}

function hasEnded({ lastEnd }: SlotContext, id: string): boolean {
  return lastEnd?.allocationId === id && lastEnd.outcome === 'over';
}

/**
 * Whether the machine cannot serve the slot's claim in the log: it serves another session, or has
 * already cleared away this claim or a later one.
 */
export function isOccupied({ unlogged, clearedFence }: SlotReport, context: SlotContext): boolean {
  const { allocation, fence } = context;
  return (
    clearedFence >= fence || (unlogged !== undefined && unlogged.allocation.id !== allocation?.id)
  );
}

/**
 * A claim that is not acknowledged is refused, and moves on to another slot. A session that is
 * acknowledged had ended before the log went back.
 */
export function endedByReturn(
  phase: 'awaiting' | 'live' | 'idle',
  at: number,
): readonly SlotEvent[] {
  if (phase === 'awaiting') {
    const reason = WITHDRAWALS.occupied;
    return [{ type: 'CallbackRefused', at, cause: 'occupied', reason, failedStarts: 0 }];
  }
  const reason = 'it is over on the machine, and the log had lost that';
  return [{ type: 'DeallocationRequested', at, reason, by: 'its agent' }];
}

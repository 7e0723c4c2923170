import { slot, type SlotCommand, type SlotReport, type SlotState } from '#slot';

/**
 * Whether the log shows all that the report says: recording it would change nothing. Uses the same
 * decider as the allocators.
 */
export function isShown(state: SlotState, report: SlotReport, at: number): boolean {
  if (changes(state, { type: 'ApplyReport', at, report })) return false;
  const { unlogged: session, process } = report;
  return session === undefined || !changes(state, { type: 'RestoreSession', at, session, process });
}

function changes(state: SlotState, command: SlotCommand): boolean {
  const decision = slot.decide(state, command);
  return decision.kind === 'accepted' && decision.steps.length > 0;
}

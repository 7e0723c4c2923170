import { slot, type SlotReport, type SlotState } from '#slot';

/**
 * Whether the log shows all that the report says: recording it would change nothing. Uses the same
 * decider as the allocators.
 */
export function isShown(state: SlotState, report: SlotReport, at: number): boolean {
  const decision = slot.decide(state, { type: 'ApplyReport', at, report });
  return decision.kind === 'refused' || decision.steps.length === 0;
}

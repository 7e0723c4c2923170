import { slot, type SlotReport, type SlotState } from '#slot';

/**
 * Whether reporting would change nothing in the log any more. The report is put to the very
 * decider that allocators put it to.
 */
export function isShown(state: SlotState, report: SlotReport, at: number): boolean {
  const decision = slot.decide(state, { type: 'ApplyReport', at, report });
  return decision.kind === 'refused' || decision.steps.length === 0;
}

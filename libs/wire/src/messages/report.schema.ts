import { slotReport, type SlotReport } from '#slot';
import { z } from 'zod';

/** An agent's report on one slot; the subject names the slot. */
export interface ReportMessage {
  /**
   * Sequence of the slot's last event that the agent has seen; an allocator must have read up to
   * it.
   */
  readonly seen: number;
  readonly report: SlotReport;
}

export const reportMessage = z.object({
  seen: z.int().nonnegative(),
  report: slotReport,
}) satisfies z.ZodType<ReportMessage>;

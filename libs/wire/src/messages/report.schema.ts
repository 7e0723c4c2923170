import { slotReport, type SlotReport } from '#slot';
import { z } from 'zod';

/** What an agent says of one slot; the slot itself is named by the subject. */
export interface ReportMessage {
  /** Sequence of the slot's last event that the agent had seen; whoever decides must know it too. */
  readonly seen: number;
  readonly report: SlotReport;
}

export const reportMessage = z.object({
  seen: z.int().nonnegative(),
  report: slotReport,
}) satisfies z.ZodType<ReportMessage>;

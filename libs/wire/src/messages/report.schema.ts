import { token } from '#kernel';
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

/**
 * Asks an agent for the sessions that it serves and that the log has lost. The agent reads the log
 * first.
 */
export const unloggedRequest = z.object({});

/** The most reports in one answer. Once these are in the log, a further request gets the rest. */
export const UNLOGGED_MAX = 16;

const reportedSlot: z.ZodType<ReportMessage & { readonly slot: string }> = reportMessage.extend({
  slot: token,
});

export const unloggedAnswer = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('told'),
    /** The agent's report on each such slot. */
    slots: z.array(reportedSlot),
  }),
  z.object({
    status: z.literal('refused'),
    code: z.enum(['invalid', 'not-ready', 'timed-out']),
    message: z.string(),
  }),
]);
export type UnloggedAnswer = z.output<typeof unloggedAnswer>;

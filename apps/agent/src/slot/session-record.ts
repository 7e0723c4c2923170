import { jsonText } from '#json';
import { reportedCause } from '#slot';
import { z } from 'zod';

const callback = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('pending') }),
  z.object({
    outcome: z.literal('acked'),
    answer: jsonText,
    token: z.string(),
  }),
  z.object({
    outcome: z.literal('refused'),
    reason: z.string(),
    cause: reportedCause.default('game'),
  }),
]);

/** What must outlive the agent and is not in the log yet; written before it is acted upon. */
export const sessionRecord = z.object({
  /** The highest claim seen; lower ones are refused. */
  fence: z.int(),
  /** Claims up to this one have left nothing behind. */
  clearedFence: z.int(),
  /** The allocation of `fence`. */
  allocationId: z.string(),
  /** The run that serves it; null before there is one. */
  run: z.string().nullable(),
  /** The run that was there before the claim, which will not do where a fresh one is asked for. */
  runBefore: z.string().nullable().default(null),
  /** Crashes that the log had recorded when the run was given the session; -1 before. */
  crashes: z.int(),
  callback,
  /** Whether this very run has accepted its callback; a restarted one is called again. */
  delivered: z.boolean(),
  /** The claim for whose players this very run has said that it is ready; null: it has not. */
  readyFor: z.int().nullable().default(null),
});
export type SessionRecord = z.output<typeof sessionRecord>;

export const noSession: SessionRecord = {
  fence: 0,
  clearedFence: 0,
  allocationId: '',
  run: null,
  runBefore: null,
  crashes: -1,
  callback: { outcome: 'pending' },
  delivered: false,
  readyFor: null,
};

/** Whether the run has been given the session seen last. */
export function isServedBy(record: SessionRecord, runId: string): boolean {
  return isOpen(record) && record.run === runId;
}

/** Whether the session seen last may still have something on the machine. */
export function isOpen({ fence, clearedFence }: SessionRecord): boolean {
  return fence > clearedFence;
}

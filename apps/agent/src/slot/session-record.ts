import { jsonText } from '#json';
import { allocation, reportedCause } from '#slot';
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

/** What must survive the agent and is not in the log yet. Written before the agent acts on it. */
export const sessionRecord = z.object({
  /** Fence of the highest claim seen; lower ones are refused. */
  fence: z.int(),
  /** Nothing is left on the machine of claims up to this fence. */
  clearedFence: z.int(),
  /** The allocation of `fence`. */
  allocationId: z.string(),
  /** The allocation as the log first showed it; null in records of versions up to 0.2.0. */
  allocation: allocation.nullable().default(null),
  /** The run that serves the session; null before there is one. */
  run: z.string().nullable(),
  /**
   * The run that was there before the claim. It does not serve if the claim asks for a new process.
   */
  runBefore: z.string().nullable().default(null),
  /** Whether the game has ended the session by exiting with 0. */
  exited: z.boolean().default(false),
  /** How many crashes the log had recorded when the run was given the session; -1 before that. */
  crashes: z.int(),
  callback,
  /** Whether this very run has accepted its callback. A restarted game is called again. */
  delivered: z.boolean(),
  /** The claim for whose players this very run has said that it is ready; null if it has not. */
  readyFor: z.int().nullable().default(null),
});
export type SessionRecord = z.output<typeof sessionRecord>;

export const noSession: SessionRecord = {
  fence: 0,
  clearedFence: 0,
  allocationId: '',
  allocation: null,
  run: null,
  runBefore: null,
  exited: false,
  crashes: -1,
  callback: { outcome: 'pending' },
  delivered: false,
  readyFor: null,
};

/** Whether the run was given the session that was seen last. */
export function isServedBy(record: SessionRecord, runId: string): boolean {
  return isOpen(record) && record.run === runId;
}

/** Whether the session that was seen last may still have something on the machine. */
export function isOpen({ fence, clearedFence }: SessionRecord): boolean {
  return fence > clearedFence;
}

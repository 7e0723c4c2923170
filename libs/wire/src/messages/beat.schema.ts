import { z } from 'zod';

/** How often an agent gives a sign of life (ms). */
export const BEAT_MS = 1_000;

/** How much room there is on the disk with the files of builds. */
export const disk = z.object({
  freeBytes: z.int().nonnegative(),
  totalBytes: z.int().nonnegative(),
});
export type Disk = z.output<typeof disk>;

/**
 * Says that an agent is there, and how its machine is; its reports say what it sees of its slots. What
 * is optional is missing in the beats of agents older than version 0.3.
 */
export const beat = z.object({
  /** When the agent started (epoch ms); beats from earlier starts do not count. */
  incarnation: z.number(),
  version: z.string().optional(),
  /** Missing too while it is not measured, or cannot be. */
  disk: disk.optional(),
  /** Why none of its slots could be claimed now. */
  notReadyBecause: z.string().optional(),
  /** For how long its login to NATS is good (ms); missing too if that is for ever, or not known. */
  loginLeftMs: z.number().optional(),
  /** In the last beat of an agent that stops in order. */
  stops: z.literal(true).optional(),
});
export type Beat = z.output<typeof beat>;

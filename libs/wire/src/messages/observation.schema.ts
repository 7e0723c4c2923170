import { token } from '#kernel';
import { z } from 'zod';

/** Number of lines of a game's log that one question may ask for. */
export const LOG_LINES_MAX = 5_000;

/** Number of bytes of a game's log in one answer. */
export const LOG_BYTES_MAX = 256 * 1024;

/** Asks what the games of a slot have written; an agent answers for its own slots. */
export const logRequest = z.strictObject({
  lines: z.int().min(0).max(LOG_LINES_MAX).default(100),
  /** Position from which to read on; the last lines are given if it is missing. */
  after: z.int().nonnegative().optional(),
  /** `berth logs` of version 0.2 sends it always. It has no effect: nothing is published any more. */
  follow: z.boolean().optional(),
});
export type LogRequest = z.output<typeof logRequest>;

/** Part of what the games of a slot have written. */
export const logChunk = z.object({
  text: z.string(),
  /**
   * Offset of the chunk's first byte, and of the byte after its last, within one start of the
   * agent.
   */
  from: z.int().nonnegative(),
  to: z.int().nonnegative(),
  /** When the agent started (epoch ms); offsets from different starts cannot be compared. */
  incarnation: z.number(),
});
export type LogChunk = z.output<typeof logChunk>;

/** Why an agent refuses a question. */
const refused = z.object({
  status: z.literal('refused'),
  /** Agents older than version 0.3 give no code. */
  code: z.enum(['invalid', 'unknown-slot', 'not-ready', 'timed-out']).default('not-ready'),
  message: z.string(),
});

export const logAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('read'), chunk: logChunk }),
  refused,
]);
export type LogAnswer = z.output<typeof logAnswer>;

/** Asks what the slots of one agent use. */
export const usageRequest = z.strictObject({ slot: token.optional() });

/** What all processes of one slot use together: the game and everything it has started. */
export const usage = z.object({
  /**
   * Processors in use, on average over the last few seconds (1.5 is one and a half); null: not
   * known yet.
   */
  cpus: z.number().nonnegative().nullable(),
  /** Resident memory; pages that processes share are counted in each of them. */
  memoryBytes: z.int().nonnegative(),
  processes: z.int().nonnegative(),
  threads: z.int().nonnegative(),
  openFiles: z.int().nonnegative(),
  /** When it was measured, by the agent's clock (epoch ms). */
  measuredAt: z.number(),
});
export type Usage = z.output<typeof usage>;

/** By slot; a slot without a process, or not measured yet, is missing. */
export const usageAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('measured'), slots: z.record(z.string(), usage) }),
  refused,
]);
export type UsageAnswer = z.output<typeof usageAnswer>;

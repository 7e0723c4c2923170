import { token } from '#kernel';
import { z } from 'zod';

/** Lines of a game's log that one question may ask for. */
export const LOG_LINES_MAX = 5_000;

/** Bytes of a game's log in one message, be it an answer or as it is written. */
export const LOG_BYTES_MAX = 256 * 1024;

/** A follower is sent what a game writes for so long (ms) after it last asked. */
export const LOG_LEASE_MS = 15_000;

/** A question for what the games of a slot have written; an agent answers for its own slots. */
export const logRequest = z.strictObject({
  lines: z.int().min(0).max(LOG_LINES_MAX).default(100),
  /** Whether to publish, for a while, what is written from now on. */
  follow: z.boolean().default(false),
});
export type LogRequest = z.output<typeof logRequest>;

/** Part of what the games of a slot have written. */
export const logChunk = z.object({
  text: z.string(),
  /** Place of its first byte and of the one after its last, within one start of the agent. */
  from: z.int().nonnegative(),
  to: z.int().nonnegative(),
  /** Start of the agent (epoch ms): places of different ones have nothing to do with each other. */
  incarnation: z.number(),
});
export type LogChunk = z.output<typeof logChunk>;

/** Why an agent does not answer as it was asked. */
const refused = z.object({
  status: z.literal('refused'),
  /** Agents of before version 0.3 give none. */
  code: z.enum(['invalid', 'unknown-slot', 'not-ready', 'timed-out']).default('not-ready'),
  message: z.string(),
});

export const logAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('read'), chunk: logChunk }),
  refused,
]);
export type LogAnswer = z.output<typeof logAnswer>;

/** A question for what the slots of one agent use. */
export const usageRequest = z.strictObject({ slot: token.optional() });

/** What one slot's processes use together; the game, and all that it has started. */
export const usage = z.object({
  /** Processors in use, over the last few seconds: 1.5 is one and a half. Null: not known yet. */
  cpus: z.number().nonnegative().nullable(),
  /** Resident memory; pages that processes share are counted in each. */
  memoryBytes: z.int().nonnegative(),
  processes: z.int().nonnegative(),
  threads: z.int().nonnegative(),
  openFiles: z.int().nonnegative(),
  /** When it was measured, by the agent's clock (epoch ms). */
  measuredAt: z.number(),
});
export type Usage = z.output<typeof usage>;

/** By slot; one without a process, or not measured yet, is missing. */
export const usageAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('measured'), slots: z.record(z.string(), usage) }),
  refused,
]);
export type UsageAnswer = z.output<typeof usageAnswer>;

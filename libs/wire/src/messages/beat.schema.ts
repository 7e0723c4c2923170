import { z } from 'zod';

/** How often an agent gives a sign of life (ms). */
export const BEAT_MS = 1_000;

/** That an agent is there, and nothing else: what it sees of its slots, its reports say. */
export const beat = z.object({
  /** Start of the agent (epoch ms); those of earlier ones do not count. */
  incarnation: z.number(),
});

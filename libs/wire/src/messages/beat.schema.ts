import { z } from 'zod';

/** How often an agent gives a sign of life (ms). */
export const BEAT_MS = 1_000;

/** Says only that an agent is there; its reports say what it sees of its slots. */
export const beat = z.object({
  /** When the agent started (epoch ms); beats from earlier starts do not count. */
  incarnation: z.number(),
});

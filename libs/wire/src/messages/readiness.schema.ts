import { z } from 'zod';
import { refused } from './refusal.schema.js';

export const readinessRequest = z.object({});

/** `not-ready`, with the reason, if a claim would not be served now. */
export const readinessAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('ready') }),
  refused,
]);

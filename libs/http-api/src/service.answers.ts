import { z } from 'zod';

/** What `/` answers: what this is, and where everything else is. */
export const rootAnswer = z.object({
  name: z.string(),
  version: z.string(),
  links: z.record(z.string(), z.string()),
});

export const healthAnswer = z.object({ status: z.literal('ok') });

export const readyAnswer = z.object({ status: z.literal('ready') });

export const notReadyAnswer = z.object({
  status: z.literal('not ready'),
  reasons: z.array(z.string()),
});

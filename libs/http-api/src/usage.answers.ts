import { usage } from '#wire';
import { z } from 'zod';

export const usageAnswer = z.object({
  slot: z.string(),
  usage: usage.nullable().describe('null if no process runs, or if it has just started'),
});

export const outputAnswer = z.object({
  slot: z.string(),
  text: z.string().describe('the last lines; empty if there are none'),
});

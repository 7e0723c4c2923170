import { logChunk, usage } from '#wire';
import { z } from 'zod';

export const usageAnswer = z.object({
  slot: z.string(),
  usage: usage.nullable().describe('null if no process runs, or if it has just started'),
});

export const outputAnswer = z.object({
  slot: z.string(),
  text: z.string().describe('empty if there is nothing'),
  from: logChunk.shape.from.describe('position of its first byte'),
  to: logChunk.shape.to.describe('position from which to read on'),
  incarnation: logChunk.shape.incarnation.describe(
    'start of the agent (epoch ms); positions of different starts cannot be compared',
  ),
});

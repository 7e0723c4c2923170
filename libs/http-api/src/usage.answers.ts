import { usage } from '#wire';
import { z } from 'zod';

export const usageAnswer = z.object({
  slot: z.string(),
  usage: usage.nullable().describe('null where no process runs, or it has only just begun to'),
});

import { UNNAMED } from '#slot';
import { z } from 'zod';

/** Why, and by whom, a change is asked for: fields of every request of an operator. */
export const wanted = {
  reason: z.string().max(1_024).default('').describe('recorded'),
  by: z.string().min(1).max(256).default(UNNAMED).describe('who asks; recorded'),
};

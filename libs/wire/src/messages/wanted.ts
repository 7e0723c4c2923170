import { UNNAMED } from '#slot';
import { z } from 'zod';

const reason = z.string().max(1_024).default('').describe('recorded');
const by = z.string().min(1).max(256);
const WHO = 'who asks; recorded';

/** Why, and by whom, a change is asked for: fields of every request of an operator. */
export const wanted = { reason, by: by.default(UNNAMED).describe(WHO) };

/** The same over HTTP, where the gateway says who asks. */
export const wantedOverHttp = { reason, by: by.optional().describe(WHO) };

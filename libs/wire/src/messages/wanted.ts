import { UNNAMED } from '#slot';
import { z } from 'zod';

const reason = z.string().max(1_024).default('').describe('recorded');
const by = z.string().min(1).max(256);
const WHO = 'who asks; recorded';

/** Why, and by whom, a change is asked for: fields of every request of an operator. */
export const wanted = { reason, by: by.default(UNNAMED).describe(WHO) };

/** Who changed a setting last, as its last event says. */
export const lastChange = z
  .object({
    event: z.string().describe('type of the event, such as `FleetSized`'),
    at: z.number().describe('epoch ms, by the clock of the log'),
    by: z.string().describe('the name of the access token, if there was one, and the name given'),
    reason: z.string(),
  })
  .meta({ id: 'LastChange' });
export type LastChange = z.output<typeof lastChange>;

/** The same over HTTP, where the gateway says who asks. */
export const wantedOverHttp = { reason, by: by.optional().describe(WHO) };

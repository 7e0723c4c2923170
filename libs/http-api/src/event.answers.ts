import { z } from 'zod';

const place = {
  sequence: z.int().describe("the event's place in the log of its region"),
  slot: z.string().describe('`region.agent.slot`'),
};

const recorded = z
  .object({
    ...place,
    type: z.string().describe('type of the event, as in the log, such as `CallbackAcked`'),
    at: z.number().describe('epoch ms, by the clock of the log'),
    source: z.string().describe('the writer of the event'),
    by: z.string().optional().describe('who requested it, such as a matchmaker or an operator'),
    id: z.string(),
    data: z.record(z.string(), z.unknown()),
    state: z.string().describe('the status that the event led to'),
    phase: z.string().optional().describe('the detail of that status, if it has any'),
  })
  .meta({ id: 'RecordedEvent' });

const unreadable = z
  .object({
    ...place,
    type: z.literal('SetAside'),
    reason: z.string().describe('why the message cannot be read'),
  })
  .meta({ id: 'UnreadableEvent' });

/** One event of a slot, as lists and event streams show it. */
export const eventAnswer = z.union([unreadable, recorded]).meta({ id: 'Event' });

export const eventsAnswer = z.object({
  events: z.array(eventAnswer),
  next: z.int().optional(),
});

import { z } from 'zod';

const place = {
  sequence: z.int().describe("the event's place in the log of its region"),
  slot: z.string().describe('`region.agent.slot`'),
};

const recorded = z
  .object({
    ...place,
    type: z.string().describe('what happened, in the words of the log: `CallbackAcked`'),
    at: z.number().describe('epoch ms, by the clock of the log'),
    source: z.string().describe('who wrote it'),
    by: z.string().optional().describe('who asked for it'),
    id: z.string(),
    data: z.record(z.string(), z.unknown()),
    state: z.string().describe('the status it led to'),
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

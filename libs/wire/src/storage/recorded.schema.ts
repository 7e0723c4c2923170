import { z } from 'zod';

/** The log's message for one kind of event; `cloud-event.ts` writes and reads it. */
export function recorded(event: z.ZodType, state: z.ZodType) {
  const message = z.looseObject({
    specversion: z.literal('1.0'),
    id: z.string(),
    source: z.string(),
    type: z.string().describe("with a prefix, the event's own type"),
    subject: z.string(),
    time: z.iso.datetime(),
    datacontenttype: z
      .literal('application/json')
      .optional()
      .describe('was printed by versions before 0.3.0'),
    dataversion: z.int(),
    data: z.object({ event, state }).describe('the event, and the state it led to'),
    crc32: z
      .string()
      .optional()
      .describe(
        'tells allocators and agents of the version that wrote it that nothing was changed',
      ),
  });
  return { message, mediaType: 'application/cloudevents+json' };
}

import { Unparsable, type Codec, type Fact } from '#kernel';
import type { SlotEvent, SlotState } from '#slot';
import { z } from 'zod';
import { decodeJson, encodeJson, parse } from './json.js';
import { slotEvent, slotState } from './slot.schema.js';

/** One message of the log: what happened to a slot, and the state it led to. */
export interface SlotFact extends Fact {
  /** Who wrote it: `berth/allocator/<id>`. */
  readonly source: string;
  readonly event: SlotEvent;
  readonly state: SlotState;
}

const TYPE_PREFIX = 'berth.slot.';

/** The major version of the format; a reader sets aside what is newer than it knows. */
const VERSION = 1;

const envelope = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1),
  source: z.string().min(1),
  type: z.string().startsWith(TYPE_PREFIX),
  subject: z.string(),
  time: z.iso.datetime({ offset: true }),
  dataversion: z.literal(VERSION),
  data: z.object({ event: z.record(z.string(), z.unknown()), state: slotState }),
});

/**
 * CloudEvents 1.0 in the structured mode of its NATS binding: the whole event is one JSON document,
 * so it reads the same from the log, from a file and from a dashboard. The event's type and instant
 * are the envelope's own attributes.
 */
export const slotFactCodec: Codec<SlotFact> = {
  contentType: 'application/cloudevents+json',

  encode(subject, { id, source, event, state }) {
    const { type, at, ...event_ } = event;
    return encodeJson({
      specversion: '1.0',
      id,
      source,
      type: `${TYPE_PREFIX}${type}`,
      subject,
      time: new Date(at).toISOString(),
      datacontenttype: 'application/json',
      dataversion: VERSION,
      data: { event: event_, state },
    });
  },

  decode(subject, body) {
    const { id, source, type, time, data, subject: named } = decodeJson(envelope, body);
    if (named !== subject) throw new Unparsable(`an event of ${named} stands on ${subject}`);
    const event = parse(slotEvent, {
      ...data.event,
      type: type.slice(TYPE_PREFIX.length),
      at: Date.parse(time),
    });
    return { id, source, event, state: data.state };
  },
};

import type { FleetEvent, FleetState } from '#fleet';
import { Unparsable, type Codec, type Fact } from '#kernel';
import { z } from 'zod';
import { fleetEvent, fleetState } from './fleet.schema.js';
import { decodeJson, encodeJson, parse } from './json.js';

/** One message of the fleets' log: what happened to a fleet, and the state it led to. */
export interface FleetFact extends Fact {
  /** Who wrote it: `berth/allocator/<id>`. */
  readonly source: string;
  readonly event: FleetEvent;
  readonly state: FleetState;
}

const TYPE_PREFIX = 'berth.fleet.';

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
  data: z.object({ event: z.record(z.string(), z.unknown()), state: fleetState }),
});

/** CloudEvents 1.0 in structured mode, as the slots' events are. */
export const fleetFactCodec: Codec<FleetFact> = {
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
    const event = parse(fleetEvent, {
      ...data.event,
      type: type.slice(TYPE_PREFIX.length),
      at: Date.parse(time),
    });
    return { id, source, event, state: data.state };
  },
};

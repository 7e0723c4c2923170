import { Unparsable, type Codec } from '#kernel';
import { z } from 'zod';
import { parse, placesOf, printJson, readJson, readText, type Places } from '#json';
import { DATAVERSION, laterVersion } from '../dataversion.js';
import type { EventRecord } from './event-record.js';
import { Seal } from './seal.js';
import { SealedDocument, type OpenedDocument } from './sealed-document.js';
import { SealedRecord } from './sealed-record.js';

/** A codec that also serves those who can tell what state must follow from an event. */
export interface EventCodec<Event, State> extends Codec<EventRecord<Event, State>> {
  /**
   * Reads the event alone of a document that these very schemas wrote and nobody changed; undefined of
   * any other. Throws `Unparsable` where it is a document of another subject.
   */
  open(subject: string, body: Uint8Array): OpenedDocument<Event> | undefined;
  /** See `Seal.originOf`. */
  originOf(body: Uint8Array): number | undefined;
}

/**
 * How a log's events are printed shorter than they are: without what the schemas fill in. `whole…` puts
 * it back where a document is read without the schemas. Events come without type and instant.
 */
export interface Shorthand<State> {
  shortEvent(event: object, type: string): object;
  shortState(state: State): object;
  wholeEvent(event: object, type: string): object;
  wholeState(state: State): State;
}

const IN_FULL: Shorthand<unknown> = {
  shortEvent: (event) => event,
  shortState: (state) => state as object,
  wholeEvent: (event) => event,
  wholeState: (state) => state,
};

/**
 * Accepts any object, because its own schema reads it again; `z.record` would check each of its
 * keys.
 */
const anObject = z.custom<object>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);

/**
 * CloudEvents 1.0 in the structured mode of its NATS binding: the whole event is one JSON document,
 * so it reads the same in the log, in a file and in a dashboard. The event's type and instant are
 * attributes of the envelope.
 */
export function cloudEventCodec<
  Event extends { readonly type: string; readonly at: number },
  State,
>(
  typePrefix: string,
  eventSchema: z.ZodType<Event>,
  stateSchema: z.ZodType<State>,
  shorthand = IN_FULL as Shorthand<State>,
): EventCodec<Event, State> {
  const envelope = z.object({
    specversion: z.literal('1.0'),
    id: z.string().min(1),
    traceparent: z.string().optional().catch(undefined),
    source: z.string().min(1),
    type: z.string().startsWith(typePrefix),
    subject: z.string(),
    time: z.iso.datetime({ offset: true }),
    dataversion: z.literal(DATAVERSION, { error: ({ input }) => laterVersion(input) }),
    data: z.object({ event: anObject, state: stateSchema }),
  });

  const seal = new Seal(eventSchema, stateSchema);
  const statePlaces = placesOf(stateSchema);
  const places = placesIn(placesOf(eventSchema), statePlaces);
  const whole = (event: object, type: string) => shorthand.wholeEvent(event, type);

  return {
    contentType: 'application/cloudevents+json',

    encode(subject, { id, traceparent, source, event: { type, at, ...event }, state }) {
      const document = printJson({
        specversion: '1.0',
        id,
        ...(traceparent !== undefined && { traceparent }),
        source,
        type: `${typePrefix}${type}`,
        subject,
        time: new Date(at).toISOString(),
        dataversion: DATAVERSION,
        data: { event: shorthand.shortEvent(event, type), state: shorthand.shortState(state) },
      });
      return seal.close(document);
    },

    open(subject, body) {
      if (!seal.fits(body)) return undefined;
      const document = new SealedDocument(subject, body, typePrefix, eventSchema, whole);
      const { event, source, stateText } = document;
      return event && { event, source, stateText };
    },

    originOf: (body) => seal.originOf(body),

    decode(subject, body) {
      // A document written with these same schemas need not be checked by them: that takes as long
      // as all the rest.
      const isOwn = seal.fits(body);
      if (isOwn) {
        const sealed = new SealedDocument(subject, body, typePrefix, eventSchema, whole);
        if (sealed.isPlain) {
          const state = readText(sealed.stateText, statePlaces) as State;
          return new SealedRecord(sealed, shorthand.wholeState(state));
        }
      }
      const read = readJson(body, places);
      const document = isOwn ? (read as z.output<typeof envelope>) : parse(envelope, read);
      if (document.subject !== subject) {
        throw new Unparsable(`an event of ${document.subject} stands on ${subject}`);
      }
      const { id, traceparent, source, data } = document;
      const type = document.type.slice(typePrefix.length);
      const at = Date.parse(document.time);
      const event = isOwn
        ? ({ ...whole(data.event, type), type, at } as unknown as Event)
        : parse(eventSchema, { ...data.event, type, at });
      const state = isOwn ? shorthand.wholeState(data.state) : data.state;
      const record = { id, source, event, state };
      return traceparent === undefined ? record : { ...record, traceparent };
    },
  };
}

/**
 * The schemas' positions of text that is carried unparsed. The envelope's own schema does not know
 * them, because it reads event and state only as objects.
 */
function placesIn(event: Places | undefined, state: Places | undefined): Places | undefined {
  const data = new Map(
    Object.entries({ event, state }).filter((one): one is [string, Places] => one[1] !== undefined),
  );
  return data.size === 0 ? undefined : { members: new Map([['data', { members: data }]]) };
}

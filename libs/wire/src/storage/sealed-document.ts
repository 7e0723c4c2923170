import { placesOf, readText } from '#json';
import { Unparsable } from '#kernel';
import type { z } from 'zod';
import { SEAL_LENGTH } from './seal.js';

/** A sealed document taken apart: its event is read, its state is left as text. */
export interface OpenedDocument<Event> {
  readonly event: Event;
  readonly source: string;
  /** As `printJson` printed it. */
  readonly stateText: string;
}

const [SOURCE, TYPE, SUBJECT, TIME] = ['source', 'type', 'subject', 'time'].map(
  (name) => `","${name}":"`,
) as [string, string, string, string];
const AFTER_TIME = '","datacontenttype":';
const EVENT = ',"data":{"event":';
const STATE = ',"state":{"value":';
const STATE_FROM = ',"state":'.length;

const decoder = new TextDecoder();

/**
 * Takes a document apart by the order in which `encode` prints its members, in less than half the time
 * of `decode`. Only for a document whose seal fits: then nobody else can have written it.
 *
 * @returns undefined where a payload looks like the border between event and state
 * @throws {Unparsable} it is a document of another subject
 */
export function openSealed<Event>(
  subject: string,
  body: Uint8Array,
  typePrefix: string,
  eventSchema: z.ZodType<Event>,
): OpenedDocument<Event> | undefined {
  const text = decoder.decode(body);
  // Within a string each quote is escaped, so these find what stands between strings.
  const sourceAt = text.indexOf(SOURCE);
  const typeAt = text.indexOf(TYPE, sourceAt);
  const subjectAt = text.indexOf(SUBJECT, typeAt);
  const timeAt = text.indexOf(TIME, subjectAt);
  const timeEnd = text.indexOf(AFTER_TIME, timeAt);
  const eventAt = text.indexOf(EVENT, timeEnd) + EVENT.length;
  const eventEnd = text.indexOf(STATE, eventAt);
  const written = text.slice(subjectAt + SUBJECT.length, timeAt);
  if (written !== subject) throw new Unparsable(`an event of ${written} stands on ${subject}`);
  const event = eventIn(text.slice(eventAt, eventEnd), eventSchema);
  if (event === undefined) return undefined;
  // It was parsed for this, so nobody else knows it yet.
  event['type'] = text.slice(typeAt + TYPE.length + typePrefix.length, subjectAt);
  event['at'] = Date.parse(text.slice(timeAt + TIME.length, timeEnd));
  return {
    event: event as Event,
    source: sourceIn(text.slice(sourceAt + SOURCE.length - 1, typeAt + 1)),
    // Behind the state `data` is closed; then comes the seal.
    stateText: text.slice(eventEnd + STATE_FROM, text.length - SEAL_LENGTH - 1),
  };
}

/** A writer has written many documents in a row: its name is parsed once. */
let last = { printed: '""', source: '' };

function sourceIn(printed: string): string {
  if (printed !== last.printed) last = { printed, source: JSON.parse(printed) as string };
  return last.source;
}

function eventIn(text: string, schema: z.ZodType): Record<string, unknown> | undefined {
  try {
    return readText(text, placesOf(schema)) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

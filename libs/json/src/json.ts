import { errorMessage, Unparsable } from '#kernel';
import type { z } from 'zod';
import { printJson } from './json-text.js';
import { keepText } from './keep-text.js';
import { placesOf, type Places } from './places.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export function encodeJson(value: unknown): Uint8Array {
  return encoder.encode(printJson(value));
}

/**
 * Parses bytes as JSON that fits the schema; the parts that the schema carries unparsed keep their
 * text. Throws `Unparsable`, which says where the JSON does not fit.
 */
export function decodeJson<T>(schema: z.ZodType<T>, body: Uint8Array): T {
  return parse(schema, readJson(body, placesOf(schema)));
}

/**
 * Like `decodeJson`, but members that the schema does not know are left out at every depth, also
 * where it refuses them.
 */
export function decodeKnown<T>(schema: z.ZodType<T>, body: Uint8Array): T {
  const value = readJson(body, placesOf(schema));
  // Checks of a whole object run only once its members are right, so others may be found then.
  for (;;) {
    const { success, data, error } = schema.safeParse(value);
    if (success) return data;
    const unknown = error.issues.filter((issue) => issue.code === 'unrecognized_keys');
    if (unknown.length === 0) throw unparsable(error);
    for (const { path, keys } of unknown) leaveOut(value, path, keys);
  }
}

function leaveOut(value: unknown, path: readonly PropertyKey[], keys: readonly string[]): void {
  const holder = path.reduce<unknown>(
    (inside, name) => (inside as Record<PropertyKey, unknown>)[name],
    value,
  );
  for (const key of keys) Reflect.deleteProperty(holder as object, key);
}

/** Like `decodeJson`, for a string. */
export function parseJson<T>(schema: z.ZodType<T>, text: string): T {
  return parse(schema, readText(text, placesOf(schema)));
}

/** Parses JSON without checking it by a schema; the parts at `places` keep their text. */
export function readJson(body: Uint8Array, places: Places | undefined): unknown {
  let text: string;
  try {
    text = decoder.decode(body);
  } catch {
    throw new Unparsable('not JSON: it is not UTF-8');
  }
  return readText(text, places);
}

/** As `readJson`, of a text. */
export function readText(text: string, places: Places | undefined): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new Unparsable(`not JSON: ${errorMessage(error)}`);
  }
  return places === undefined ? parsed : keepText(text, parsed, places);
}

/** Throws `Unparsable`, which says where the value does not fit the schema. */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw unparsable(result.error);
}

function unparsable({ issues }: z.ZodError): Unparsable {
  return new Unparsable(issues.map(issueText).join('; '));
}

function issueText({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}

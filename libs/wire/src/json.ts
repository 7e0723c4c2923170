import { errorMessage, Unparsable } from '#kernel';
import type { z } from 'zod';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export function encodeJson(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

/** Parses bytes as JSON that fits the schema; throws `Unparsable` saying where it does not. */
export function decodeJson<T>(schema: z.ZodType<T>, body: Uint8Array): T {
  return parse(schema, parseJson(body));
}

/** Throws `Unparsable` saying where the value does not fit the schema. */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Unparsable(result.error.issues.map(issueText).join('; '));
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(body)) as unknown;
  } catch (error) {
    throw new Unparsable(`not JSON: ${errorMessage(error)}`);
  }
}

function issueText({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}

import { jsonText, parseJson, printJson, type JsonText } from '#json';
import { errorMessage, Unparsable, type StoredMessage } from '#kernel';
import { z } from 'zod';

/** One line of an export: an event as it is stored. */
const line = z.object({
  /** Its place in the log that was exported. */
  sequence: z.int().positive(),
  subject: z.string(),
  /** The slot's event that its writer had seen; null: it did not say. */
  expected: z.int().nonnegative().nullable(),
  /** The document, as it is stored; null: it cannot be read, and is left out. */
  document: jsonText,
});

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** A stored event as one line of JSON, or the reason why it is left out, where it cannot be read. */
export function exportedLine({ sequence, subject, expected, body }: StoredMessage): string {
  return `${printJson({ sequence, subject, expected }).slice(0, -1)},"document":${textOf(body)}}`;
}

/** `null` stands for what is no JSON of one line. */
function textOf(body: Uint8Array): string {
  try {
    const text = decoder.decode(body);
    JSON.parse(text);
    return /[\r\n]/.test(text) ? 'null' : text;
  } catch {
    return 'null';
  }
}

/** A line that was left out has no body. */
export type ExportedMessage = Omit<StoredMessage, 'body' | 'deduplicationId'> & {
  readonly body: Uint8Array | null;
};

/**
 * Reads a line of an export.
 *
 * @throws {Unparsable} it is none
 */
export function readLine(text: string): ExportedMessage {
  try {
    const { document, ...place } = parseJson(line, text);
    return { ...place, body: isNull(document) ? null : encoder.encode(document.text) };
  } catch (error) {
    throw new Unparsable(`this is no line of an export: ${errorMessage(error)}`);
  }
}

const isNull = ({ text }: JsonText) => text === 'null';

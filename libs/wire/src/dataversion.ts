import { decodeKnown } from '#json';
import { Unparsable } from '#kernel';
import type { z } from 'zod';
import { decodeJson } from './json.js';

/**
 * The major version of the format of events and requests: the only thing by which one service of
 * Berth refuses what another one wrote. It is raised only where leaving out what a reader does not
 * know would be wrong.
 */
export const DATAVERSION = 1;

/** A message, and the version of its format if a service of Berth sent it. */
interface Sent {
  readonly body: Uint8Array;
  readonly dataversion?: number | undefined;
}

/**
 * Reads a message. If a service of Berth sent it, what this version does not know is left out: the
 * sender has checked it by its own, newer schema. Anybody else may have misspelt it.
 *
 * @throws {Unparsable} it does not fit the schema, or is of a later version.
 */
export function decodeSent<T>(schema: z.ZodType<T>, { body, dataversion }: Sent): T {
  if (dataversion === undefined) return decodeJson(schema, body);
  if (dataversion > DATAVERSION) throw new Unparsable(laterVersion(dataversion));
  return decodeKnown(schema, body);
}

/** What is said of a message of another version. */
export function laterVersion(dataversion: unknown): string {
  const found = JSON.stringify(dataversion);
  return `dataversion: it is ${found}, and this version of Berth reads ${DATAVERSION}; upgrade it`;
}

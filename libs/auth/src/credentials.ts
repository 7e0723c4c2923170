import { exchangedOf } from './exchanged.js';

/** Longest header that is read; Berth's own take less than a tenth. */
const HEADER_LENGTH_MAX = 1_024;

/** What a client sends to be let in. */
export interface Credentials {
  /** The token's id; null for a secret without an id. */
  readonly id: string | null;
  readonly secret: string;
}

/**
 * The credentials in an `Authorization` header: a bearer token (RFC 6750), or the same token's id
 * and secret as the name and password of Basic (RFC 7617), which Multiplay's service accounts use.
 *
 * @returns undefined if the header holds neither
 */
export function credentialsIn(header: string): Credentials | undefined {
  if (header.length > HEADER_LENGTH_MAX) return undefined;
  const [, scheme = '', value = ''] = /^(bearer|basic) +([^\s]+) *$/i.exec(header) ?? [];
  if (value === '') return undefined;
  return scheme.toLowerCase() === 'bearer' ? bearer(value) : basic(value);
}

function bearer(text: string): Credentials {
  const [, id = null, secret = text] = /^berth_([0-9a-f]{12})_(.+)$/.exec(text) ?? [];
  return { id, secret };
}

function basic(value: string): Credentials | undefined {
  const text = Buffer.from(value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 1 ? undefined : { id: text.slice(0, colon), secret: text.slice(colon + 1) };
}

/** Whether the secret may be one that a person chose: it is neither a token's nor a JSON Web Token. */
export function isGuessable({ id, secret }: Credentials): boolean {
  return id === null && exchangedOf(secret) === undefined;
}

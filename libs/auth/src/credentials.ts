/** Longest header that is looked at; ours take less than a tenth. */
const HEADER_LENGTH_MAX = 1_024;

/** What a requester shows to be let in. */
export interface Credentials {
  /** The token's id; null for a secret that has none. */
  readonly id: string | null;
  readonly secret: string;
}

/**
 * The credentials in an `Authorization` header: a bearer token (RFC 6750), or the same token's id and
 * secret as Basic's name and password (RFC 7617), which Multiplay's service accounts use.
 *
 * @returns undefined where it holds none of them.
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

import { isIP } from 'node:net';

/** Longer ones are nobody's honest address. */
const URL_LENGTH_MAX = 2_048;

/** Where a URL leads, before its name is resolved. */
export interface Destination {
  readonly secure: boolean;
  /** A name, or an IP address without brackets. */
  readonly name: string;
  readonly port: number;
  /** With the query. */
  readonly path: string;
  /** What the `Host` header says. */
  readonly host: string;
}

/**
 * Reads the URL of a callback; one without a scheme is http, as GameFabric's documents show it.
 * Answers with text where it cannot be one. IPv4 addresses in octal, hexadecimal and the like come
 * out as what they are, for the WHATWG parser is the one that is later asked to connect.
 */
export function readCallbackUrl(text: string): Destination | string {
  if (text.length > URL_LENGTH_MAX) return `the URL is longer than ${URL_LENGTH_MAX} characters`;
  const schemed = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(schemed)) {
    return 'it is no URL; it should read like http://192.0.2.1:3999/allocate';
  }
  const url = new URL(schemed);
  const { protocol, hostname } = url;
  if (protocol !== 'http:' && protocol !== 'https:') return `${protocol} is neither http nor https`;
  if (url.username !== '' || url.password !== '') {
    return 'it names a user; what tells the caller is the token';
  }
  const secure = protocol === 'https:';
  const name = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (name === '') return 'it names no host';
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  if (port === 0) return 'port 0 cannot be called';
  return { secure, name, port, path: url.pathname + url.search, host: url.host };
}

export function isAddress(name: string): boolean {
  return isIP(name) !== 0;
}

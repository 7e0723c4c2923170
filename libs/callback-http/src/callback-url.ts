import { isIP } from 'node:net';

/** A longer URL is refused. */
const URL_LENGTH_MAX = 2_048;

/** The parts of a URL, before its host name is resolved. */
export interface Destination {
  readonly secure: boolean;
  /** A host name, or an IP address without brackets. */
  readonly name: string;
  readonly port: number;
  /** Path and query. */
  readonly path: string;
  /** Value of the `Host` header. */
  readonly host: string;
}

/**
 * Reads the URL of a callback. Without a scheme it is http, as in GameFabric's documentation.
 * Returns a text that says what is wrong if it is not a valid URL. IPv4 addresses in octal,
 * hexadecimal and similar forms are returned in dotted decimals, by the WHATWG parser.
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
    return 'it holds a user name; callbacks are authenticated by their token';
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

/** One request as it is sent, which need not be valid HTTP. */
export interface FuzzedRequest {
  /** The tricks that produced it, for the report. */
  readonly tricks: readonly string[];
  readonly method: string;
  /** Including the query. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array | null;
  /**
   * Whether our side closes after sending, for requests that never end; there may be no answer
   * then.
   */
  readonly isCutShort: boolean;
  /** If set, sent instead of all of the above. */
  readonly raw: Uint8Array | null;
}

/** The bytes of a request; parts that are not set are as a good client would send them. */
export function bytesOf({ method, path, headers, body, raw }: FuzzedRequest): Uint8Array {
  if (raw !== null) return raw;
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  const own: (readonly [string, string])[] = [
    ['host', '127.0.0.1'],
    ['connection', 'close'],
    ...(body === null ? [] : ([['content-type', 'application/json']] as const)),
  ];
  const isSized = names.has('content-length') || names.has('transfer-encoding');
  if (body !== null && !isSized) own.push(['content-length', String(body.length)]);
  const all = [...own.filter(([name]) => !names.has(name)), ...headers];
  const lines = all.filter(([, value]) => value !== MISSING).map((pair) => pair.join(': '));
  const head = `${[`${method} ${path} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), body ?? new Uint8Array()]);
}

/** As a header's value: the header is left out. */
export const MISSING = '\u0000missing';

import { connect } from 'node:net';
import { bytesOf, type FuzzedRequest } from './fuzzed-request.js';

/** Nothing requested here takes longer, so a longer wait means that the gateway hangs (ms). */
const PATIENCE_MS = 10_000;

export type Outcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly mediaType: string;
      readonly body: string;
    }
  /** The connection was closed without an answer. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'hung' }
  /** The gateway does not listen any more. */
  | { readonly kind: 'unreachable'; readonly reason: string };

/** Sends the bytes, and collects the answer until the server closes the connection. */
export function exchange(port: number, request: FuzzedRequest): Promise<Outcome> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const done = (outcome: Outcome) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const read = () => readAnswer(Buffer.concat(chunks), request.method === 'HEAD');
    const finish = () => done(read()?.outcome ?? { kind: 'closed' });
    const timer = setTimeout(() => done({ kind: 'hung' }), PATIENCE_MS);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') done({ kind: 'unreachable', reason: error.message });
      else finish();
    });
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      if (read()?.isWhole) finish();
    });
    socket.on('end', finish);
    socket.on('close', finish);
    socket.on('connect', () => {
      socket.write(bytesOf(request));
      if (request.isCutShort) socket.end();
    });
  });
}

interface Read {
  readonly outcome: Outcome;
  /** Whether the answer is complete. */
  readonly isWhole: boolean;
}

/** The first final answer in the bytes; undefined if there is none yet. */
function readAnswer(bytes: Buffer, isHead: boolean): Read | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  const head = bytes.subarray(0, end).toString('latin1');
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1]);
  if (end < 0 || Number.isNaN(status)) return undefined;
  const rest = bytes.subarray(end + 4);
  if (status < 200) return readAnswer(rest, isHead);
  const mediaType = /\r\ncontent-type: *([^;\r\n]*)/i.exec(head)?.[1] ?? '';
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN);
  const body = Number.isNaN(length) ? rest : rest.subarray(0, length);
  // A stream of events never ends; it is enough that it has begun.
  const isWhole = isHead || rest.length >= length || mediaType === 'text/event-stream';
  return {
    outcome: { kind: 'answered', status, mediaType, body: body.toString('utf8') },
    isWhole,
  };
}

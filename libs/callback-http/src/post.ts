import { JsonText } from '#json';
import { TransientError } from '#kernel';
import type { ReportedCause } from '#slot';
import { carriedContext } from '#tracing';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Target } from './guard.js';

export const ANSWER_BYTES_MAX = 64 * 1024;
const HEADER_BYTES_MAX = 16 * 1024;
const REASON_LENGTH_MAX = 300;

/** The answer of a game server to its callback. */
export type CallbackOutcome =
  { readonly outcome: 'acked'; readonly answer: JsonText } | CallbackRefusal;

export interface CallbackRefusal {
  readonly outcome: 'refused';
  readonly reason: string;
  readonly cause: ReportedCause;
}

export interface Post {
  /** Sent as a bearer token; not sent if empty. */
  readonly token: string;
  readonly body: string;
  /** POST if missing; a GET has no body. */
  readonly method?: 'POST' | 'PUT' | 'GET';
  /** Aborts the call, whatever it waits for. */
  readonly signal: AbortSignal;
}

/**
 * Sends JSON to an address that was resolved before. Resolves no name and follows no redirect.
 * Throws network errors, and `TransientError` if the answer is longer than `ANSWER_BYTES_MAX`.
 */
export async function post(
  target: Omit<Target, 'kind'>,
  { token, body, signal, method = 'POST' }: Post,
): Promise<CallbackOutcome> {
  const { address, port, path, host, name, secure } = target;
  const sent = (secure ? secureRequest : request)({
    host: address,
    port,
    path,
    method,
    agent: false,
    signal,
    maxHeaderSize: HEADER_BYTES_MAX,
    // The certificate is checked against the host name, not against the address.
    ...(secure && name !== address && { servername: name }),
    headers: {
      host,
      ...carriedContext(),
      ...(token !== '' && { authorization: `Bearer ${token}` }),
      ...(method !== 'GET' && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      }),
    },
  });
  // `once` below reports errors. This handler keeps a later error from ending the process.
  sent.on('error', () => undefined);
  sent.end(method === 'GET' ? undefined : body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  try {
    return outcomeOf(response.statusCode ?? 0, await readAll(response));
  } finally {
    response.destroy();
  }
}

/** @param cause `game` if the game itself refused */
export function refused(reason: string, cause: ReportedCause = 'game'): CallbackRefusal {
  return { outcome: 'refused', reason: reason.slice(0, REASON_LENGTH_MAX), cause };
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) {
      throw new TransientError(`the answer exceeds ${ANSWER_BYTES_MAX} bytes`);
    }
  }
  return Buffer.concat(chunks).toString('utf8');
}

function outcomeOf(status: number, text: string): CallbackOutcome {
  if (status >= 300 && status <= 399) {
    return refused(`the game answered ${status}; redirects are not followed`);
  }
  if (status < 200 || status > 299) return refused(`the game answered ${status}: ${text}`);
  if (text.trim() === '') return { outcome: 'acked', answer: JsonText.null };
  try {
    return { outcome: 'acked', answer: JsonText.read(text.trim()) };
  } catch {
    return refused(`the game answered ${status}, and not with JSON: ${text}`);
  }
}

import { parseJson, printJson } from '#json';
import { DeadlinePassed, errorMessage, NobodyListens, Unparsable } from '#kernel';
import { carriedContext } from '#tracing';
import { z } from 'zod';
import { NotAllowed } from '../errors.js';

/**
 * Time (ms) for the way to the gateway and back, beyond the deadline that the gateway itself keeps.
 */
const TRAVEL_MS = 1_000;

/** How long (ms) a gateway may take to begin the answer of a stream. */
const STREAM_PATIENCE_MS = 10_000;

/** A gateway's refusal (RFC 9457). */
const problem = z.looseObject({ code: z.string(), detail: z.string(), status: z.int().optional() });
export type GatewayProblem = z.output<typeof problem>;

export type Answered<T> = { readonly answer: T } | { readonly problem: GatewayProblem };

export interface HttpAsked {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly content?: AsyncIterable<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly patienceMs: number;
  /** A status besides 2xx that comes with an answer: `/readyz` sends its reasons with 503. */
  readonly alsoAnswered?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The HTTP client for a gateway: requests with a deadline, parsed answers. */
export class Gateway {
  private readonly url: string;

  constructor(
    url: string,
    private readonly token: string | undefined,
  ) {
    this.url = url.replace(/\/+$/, '');
  }

  /** Returns the answer, or the problem that the gateway names. Throws what `Transport` throws. */
  async ask<T>(asked: HttpAsked, schema: z.ZodType<T>): Promise<Answered<T>> {
    const { patienceMs, signal } = asked;
    const deadline = AbortSignal.timeout(patienceMs + TRAVEL_MS);
    const signals = signal === undefined ? [deadline] : [deadline, signal];
    try {
      const response = await this.fetch(asked, AbortSignal.any(signals));
      const text = await response.text();
      return response.ok || response.status === asked.alsoAnswered
        ? { answer: parsed(schema, text) }
        : { problem: problemIn(response.status, text, asked.path) };
    } catch (error) {
      if (!deadline.aborted || signal?.aborted) throw unreached(error, this.url);
      throw new DeadlinePassed(`no answer from ${this.url} in ${patienceMs} ms`, { cause: error });
    }
  }

  /** Yields the bytes of an endless stream as they come. */
  async *stream(path: string, lastEventId: string | undefined, signal: AbortSignal) {
    const abort = new AbortController();
    const late = AbortSignal.timeout(STREAM_PATIENCE_MS);
    const give = () => abort.abort();
    late.addEventListener('abort', give, { once: true });
    const headers = {
      accept: 'text/event-stream',
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    };
    const asked = { method: 'GET', path, headers, patienceMs: 0 };
    const response = await this.fetch(asked, AbortSignal.any([signal, abort.signal])).catch(
      (error: unknown) => {
        throw unreached(error, this.url);
      },
    );
    late.removeEventListener('abort', give);
    if (!response.ok) {
      const { detail } = problemIn(response.status, await response.text(), path);
      throw new NobodyListens(detail);
    }
    if (response.body !== null) yield* response.body as AsyncIterable<Uint8Array>;
  }

  private fetch({ method, path, headers = {}, ...asked }: HttpAsked, signal: AbortSignal) {
    const { type, ...sent } = sentBody(asked);
    return fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(type !== undefined && { 'content-type': type }),
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
        ...carriedContext(),
        ...headers,
      },
      ...sent,
      // The access token is for this gateway only, so redirects are not followed.
      redirect: 'error',
      signal,
    });
  }
}

function sentBody({ body, content }: Pick<HttpAsked, 'body' | 'content'>) {
  if (content !== undefined) {
    const type = 'application/octet-stream';
    return { type, body: ReadableStream.from(content), duplex: 'half' } as const;
  }
  return body === undefined ? {} : { type: 'application/json', body: printJson(body) };
}

/**
 * `fetch` throws a TypeError if the network failed. Checked by name, because it may come from
 * another realm.
 */
export function isNetworkFailure(error: unknown): boolean {
  return (error as { readonly name?: unknown } | null)?.name === 'TypeError';
}

/** Replaces a network error by `NobodyListens`; returns any other error as it is. */
function unreached(error: unknown, url: string): unknown {
  if (!isNetworkFailure(error)) return error;
  return new NobodyListens(`${url} cannot be reached`, { cause: error });
}

function parsed<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return parseJson(schema, text);
  } catch (error) {
    throw new Unparsable(`the gateway's answer could not be read: ${errorMessage(error)}`);
  }
}

function problemIn(status: number, text: string, path: string): GatewayProblem {
  const { success, data } = problem.safeParse(jsonIn(text));
  // The answer is not from a gateway, but probably from a proxy that cannot reach it.
  if (!success) throw new DeadlinePassed(`${path} was answered with status ${status}`);
  if (status === 401 || status === 403) throw new NotAllowed(data.code, data.detail);
  if (data.code === 'no-allocator') throw new NobodyListens(data.detail);
  if (data.code === 'bad-answer' || data.code === 'internal') throw new Unparsable(data.detail);
  return data;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

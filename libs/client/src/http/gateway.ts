import { parseJson, printJson } from '#json';
import { DeadlinePassed, errorMessage, NobodyListens, Unparsable } from '#kernel';
import { z } from 'zod';
import { NotAllowed } from '../errors.js';

/** A gateway keeps the deadline it is given; this is for the way there and back (ms). */
const TRAVEL_MS = 1_000;

/** How long a gateway may take to begin an answer that is a stream (ms). */
const STREAM_PATIENCE_MS = 10_000;

/** How a gateway says no (RFC 9457). */
const problem = z.looseObject({ code: z.string(), detail: z.string(), status: z.int().optional() });
export type GatewayProblem = z.output<typeof problem>;

export type Answered<T> = { readonly answer: T } | { readonly problem: GatewayProblem };

export interface HttpAsked {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly patienceMs: number;
  /** A status beside 2xx that comes with an answer: `/readyz` gives its reasons with 503. */
  readonly alsoAnswered?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The HTTP of a gateway: requests with a deadline, answers parsed. */
export class Gateway {
  private readonly url: string;

  constructor(
    url: string,
    private readonly token: string | undefined,
  ) {
    this.url = url.replace(/\/+$/, '');
  }

  /** What it answers, or the problem it names. Throws as `Transport` says. */
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

  /** The bytes of a stream that does not end by itself, as it comes. */
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

  private fetch({ method, path, body, headers = {} }: HttpAsked, signal: AbortSignal) {
    return fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: printJson(body) }),
      // An access token is for this gateway, and not for where it may point.
      redirect: 'error',
      signal,
    });
  }
}

/** `fetch` throws a TypeError where the network failed; by its name, as it may be of another realm. */
export function isNetworkFailure(error: unknown): boolean {
  return (error as { readonly name?: unknown } | null)?.name === 'TypeError';
}

/** What is ours, or an abort, stays as it is. */
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
  // Whoever answered is no gateway: a proxy that does not reach it, as a rule.
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

import { Gateway, NotAllowed, type HttpAsked } from '#client';
import { readEvents, type StreamEvent } from '#event-stream';
import { notReadyAnswer, readyAnswer } from '#http-api';
import { errorMessage, NobodyListens, TransientError, Unparsable } from '#kernel';
import { z } from 'zod';

/** How long (ms) to wait for an answer; a request for a server may take most of this time. */
const ANSWER_MS = 75_000;

/** How long (ms) one file may take; before, it is given up after five minutes without any progress. */
const FILE_MS = 86_400_000;

/** The API refused or did not answer; `message` is for the user. */
export class ApiFailure extends Error {
  override readonly name: string = 'ApiFailure';

  constructor(
    message: string,
    /** HTTP status, if the API answered. */
    readonly status?: number,
    /** The problem's code, if the API named one. */
    readonly code?: string,
  ) {
    super(message);
  }
}

/** No server answers at the API's address, or the server is not Berth's. */
export class NoServer extends ApiFailure {
  override readonly name: string = 'NoServer';
}

/** Whether the API, or something behind it, is away and may come back. */
export function isAway(error: unknown): boolean {
  return error instanceof ApiFailure && (error instanceof NoServer || (error.status ?? 0) >= 500);
}

/** Berth's HTTP API for the commands. All methods but `events` throw `ApiFailure`. */
export class Api {
  private readonly gateway: Gateway;

  constructor(
    private readonly origin: string,
    /** Access token; undefined if the gateway needs none. */
    private readonly token?: string,
  ) {
    this.gateway = new Gateway(origin, token);
  }

  get<T>(path: string, schema: z.ZodType<T>, patienceMs = ANSWER_MS): Promise<T> {
    return this.answerOf({ method: 'GET', path, patienceMs }, schema);
  }

  /**
   * Events as they come, until the connection ends. Throws what the client throws.
   *
   * @param arrived called with every sign of life
   */
  events(path: string, signal: AbortSignal, arrived: () => void): AsyncIterable<StreamEvent> {
    return readEvents(this.gateway.stream(path, undefined, signal), arrived);
  }

  /** Why requests cannot be served now; empty if they can be. */
  async notReadyBecause(patienceMs = ANSWER_MS): Promise<readonly string[]> {
    const asked = { method: 'GET', path: '/readyz', patienceMs, alsoAnswered: 503 };
    const answer = await this.answerOf(asked, z.union([readyAnswer, notReadyAnswer]));
    return answer.status === 'ready' ? [] : answer.reasons;
  }

  /** Undefined if the API answers 404. */
  find<T>(path: string, schema: z.ZodType<T>, patienceMs = ANSWER_MS): Promise<T | undefined> {
    return this.get(path, schema, patienceMs).catch((error: unknown) => {
      if (error instanceof ApiFailure && error.status === 404) return undefined;
      throw error;
    });
  }

  post<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
    return this.ask('POST', path, schema, body);
  }

  put<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
    return this.ask('PUT', path, schema, body);
  }

  /** Sends a file. */
  send<T>(path: string, content: AsyncIterable<Uint8Array>, schema: z.ZodType<T>): Promise<T> {
    return this.answerOf({ method: 'PUT', path, content, patienceMs: FILE_MS }, schema);
  }

  delete<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return this.ask('DELETE', path, schema);
  }

  private ask<T>(method: string, path: string, schema: z.ZodType<T>, body?: unknown) {
    return this.answerOf({ method, path, body, patienceMs: ANSWER_MS }, schema);
  }

  private async answerOf<T>(asked: HttpAsked, schema: z.ZodType<T>): Promise<T> {
    const answered = await this.gateway.ask(asked, schema).catch((error: unknown) => {
      throw this.failure(error, asked.path);
    });
    if ('answer' in answered) return answered.answer;
    const { detail, code, status } = answered.problem;
    throw new ApiFailure(`${detail} (${code})`, status, code);
  }

  private failure(error: unknown, path: string): unknown {
    const { origin, token } = this;
    if (error instanceof NotAllowed) {
      if (error.code !== 'unauthorized') return new ApiFailure(`${error.message} (${error.code})`);
      return new ApiFailure(
        token === undefined
          ? `${origin} requires an access token; set BERTH_TOKEN to one (berth tokens create)`
          : `${origin} does not accept the access token in BERTH_TOKEN, or not any more`,
      );
    }
    if (error instanceof Unparsable) {
      return new NoServer(`${origin} answered ${path}, but not with an answer of Berth`);
    }
    if (!(error instanceof TransientError)) return error;
    // The gateway was reached: it answers that no allocator runs.
    if (error instanceof NobodyListens && error.cause === undefined) {
      return new NoServer(`${error.message} (no-allocator)`, undefined, 'no-allocator');
    }
    return new NoServer(`no answer from ${origin} (${reasonOf(error)}); is --api right?`);
  }
}

/** The message of the innermost cause; `fetch failed` alone says nothing. */
function reasonOf(error: Error): string {
  let root: unknown = error;
  while (root instanceof Error && root.cause !== undefined) root = root.cause;
  return errorMessage(root);
}

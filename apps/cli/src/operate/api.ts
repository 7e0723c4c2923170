import { Gateway, NotAllowed } from '#client';
import { errorMessage, NobodyListens, TransientError, Unparsable } from '#kernel';
import type { z } from 'zod';

/** An answer is waited for at most so long; a request for a server may take most of it. */
const ANSWER_MS = 75_000;

/** The API says no, or does not answer; `message` is for whoever typed the command. */
export class ApiFailure extends Error {
  override readonly name: string = 'ApiFailure';

  constructor(
    message: string,
    /** HTTP status, where it is the API that says no. */
    readonly status?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Nobody answers where the API is looked for, or somebody else does. */
export class NoServer extends ApiFailure {
  override readonly name: string = 'NoServer';
}

/** Berth's HTTP API, as the commands use it. Everything throws `ApiFailure`. */
export class Api {
  private readonly gateway: Gateway;

  constructor(
    private readonly origin: string,
    /** Access token; none where the gateway is open. */
    private readonly token?: string,
  ) {
    this.gateway = new Gateway(origin, token);
  }

  get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return this.ask('GET', path, schema);
  }

  /** Undefined where there is no such thing. */
  find<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
    return this.get(path, schema).catch((error: unknown) => {
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

  delete<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return this.ask('DELETE', path, schema);
  }

  private async ask<T>(method: string, path: string, schema: z.ZodType<T>, body?: unknown) {
    const asked = { method, path, body, patienceMs: ANSWER_MS };
    const answered = await this.gateway.ask(asked, schema).catch((error: unknown) => {
      throw this.failure(error, path);
    });
    if ('answer' in answered) return answered.answer;
    const { detail, code, status } = answered.problem;
    throw new ApiFailure(`${detail} (${code})`, status);
  }

  private failure(error: unknown, path: string): unknown {
    const { origin, token } = this;
    if (error instanceof NotAllowed) {
      if (error.code !== 'unauthorized') return new ApiFailure(`${error.message} (${error.code})`);
      return new ApiFailure(
        token === undefined
          ? `${origin} wants an access token; set BERTH_TOKEN to one (berth tokens create)`
          : `${origin} does not take the access token in BERTH_TOKEN, or no longer`,
      );
    }
    if (error instanceof Unparsable) {
      return new NoServer(`${origin} answers ${path} with what is no answer of Berth's`);
    }
    if (!(error instanceof TransientError)) return error;
    // The gateway itself says that no allocator runs: it was reached.
    if (error instanceof NobodyListens && error.cause === undefined) {
      return new NoServer(`${error.message} (no-allocator)`);
    }
    return new NoServer(`no answer from ${origin} (${reasonOf(error)}); is --api right?`);
  }
}

/** What stood in the way, at its root: `fetch failed` says nothing. */
function reasonOf(error: Error): string {
  let root: unknown = error;
  while (root instanceof Error && root.cause !== undefined) root = root.cause;
  return errorMessage(root);
}

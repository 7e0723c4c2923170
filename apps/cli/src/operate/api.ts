import { errorMessage } from '#kernel';
import { z } from 'zod';

/** An answer is waited for at most so long; a request for a server may take most of it. */
const ANSWER_MS = 75_000;

const problem = z.object({ code: z.string(), detail: z.string() });

/** The API says no, or does not answer; `message` is for whoever typed the command. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';

  constructor(
    message: string,
    /** HTTP status, where it is the API that says no. */
    readonly status?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Berth's HTTP API, as the commands use it. Everything throws `ApiFailure`. */
export class Api {
  constructor(
    private readonly origin: string,
    /** Access token; none where the gateway is open. */
    private readonly token?: string,
  ) {}

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
    const response = await this.fetch(path, {
      method,
      signal: AbortSignal.timeout(ANSWER_MS),
      headers: {
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status === 401) throw this.unknownHere();
    if (!response.ok) {
      const message = refusalIn(text) ?? `${response.status} from ${path}`;
      throw new ApiFailure(message, response.status);
    }
    const answer = schema.safeParse(parsed(text));
    if (answer.success) return answer.data;
    throw new ApiFailure(`${this.origin} answers ${path} with what is no answer of Berth's`);
  }

  private unknownHere(): ApiFailure {
    return new ApiFailure(
      this.token === undefined
        ? `${this.origin} wants an access token; set BERTH_TOKEN to one (berth tokens create)`
        : `${this.origin} does not take the access token in BERTH_TOKEN, or no longer`,
    );
  }

  private async fetch(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(new URL(path, this.origin), init);
    } catch (error) {
      const { cause } = error as Error;
      const reason = cause === undefined ? errorMessage(error) : errorMessage(cause);
      const message = `no answer from ${this.origin} (${reason}); is --api right?`;
      throw new ApiFailure(message, undefined, { cause });
    }
  }
}

function refusalIn(text: string): string | undefined {
  const { success, data } = problem.safeParse(parsed(text));
  return success ? `${data.detail} (${data.code})` : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

import type { z } from 'zod';
import { problemDetails } from '../openapi/failures.js';
import { ERRORS } from '../http/errors.js';
import type { Problem } from '../http/problems.js';

/** An HTTP answer to a request that was not served. */
export interface FailureAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
  /** Seconds after which the same request may succeed, where the problem does not say it. */
  readonly retryAfterS?: number;
  /** The cause, if the answer does not show it; it is logged. */
  readonly withheld?: string;
}

/** The gateway's APIs. */
export type Face = 'api' | 'gamefabric' | 'multiplay';

/**
 * How one API answers errors. Every path belongs to one dialect, even if it leads nowhere or its
 * body cannot be parsed, so that each API's clients only ever see the shape of their own API.
 */
export interface ErrorDialect {
  /** The face, as the log names it where it says who asked. */
  readonly face: Face;
  /**
   * The tag under which all of its routes are listed; null if each is listed by its own subject.
   */
  readonly tag: string | null;
  /** The shape of its errors, for the OpenAPI document. */
  readonly failure: { readonly mediaType: string; readonly schema: z.ZodType };
  owns(path: string): boolean;
  answer(problem: Problem, path: string, requestId: string): FailureAnswer;
}

/** Berth's own API: problem details (RFC 9457). It owns every path that no other dialect owns. */
export const nativeErrors: ErrorDialect = {
  face: 'api',
  tag: null,
  failure: { mediaType: 'application/problem+json', schema: problemDetails },

  owns: () => true,

  answer({ status, code, detail, extras: { allocationId, grounds } }, path, requestId) {
    return {
      status,
      contentType: 'application/problem+json; charset=utf-8',
      body: {
        // A page of this gateway that explains the error.
        type: `/errors#${code}`,
        title: ERRORS[code].means,
        status,
        detail,
        instance: path,
        code,
        requestId,
        allocationId,
        grounds,
      },
    };
  },
};

import type { z } from 'zod';
import { problemDetails } from '../openapi/failures.js';
import { ERRORS } from '../http/errors.js';
import type { Problem } from '../http/problems.js';

/** An HTTP answer to a request that was not served. */
export interface FailureAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
  /** What stood in the way, where the answer does not say it: it is logged. */
  readonly withheld?: string;
}

/**
 * One API's way of saying no. Every path belongs to one face, also where it leads nowhere or its
 * body cannot be parsed, so that each API's clients only ever read its own shape.
 */
export interface ErrorDialect {
  /** What its routes are listed under; null where each stands under what it is about. */
  readonly tag: string | null;
  /** What its refusals look like, for the document of the API. */
  readonly failure: { readonly mediaType: string; readonly schema: z.ZodType };
  owns(path: string): boolean;
  answer(problem: Problem, path: string, requestId: string): FailureAnswer;
}

/** Berth's own API: problem details as of RFC 9457. It owns whatever no other face does. */
export const nativeErrors: ErrorDialect = {
  tag: null,
  failure: { mediaType: 'application/problem+json', schema: problemDetails },

  owns: () => true,

  answer({ status, code, detail, extras: { allocationId } }, path, requestId) {
    return {
      status,
      contentType: 'application/problem+json; charset=utf-8',
      body: {
        // A page of this gateway's own, so that whoever reads the answer can look it up there.
        type: `/errors#${code}`,
        title: ERRORS[code].means,
        status,
        detail,
        instance: path,
        code,
        requestId,
        allocationId,
      },
    };
  },
};

import { z } from 'zod';
import { ERRORS } from '../../http/errors.js';
import type { ErrorDialect } from '../error-dialect.js';

const PATHS = /^\/(v1\/allocations\/projects|multiplay|api\/multiplay|v4\/projects|auth\/v1)(\/|$)/;

/** How many mistakes of one request are listed. */
const DETAILS_MAX = 50;

const failure = z
  .object({
    title: z.string(),
    status: z.int(),
    detail: z.string().optional().describe('what stands in the way; none with 500'),
    details: z
      .array(z.object({ message: z.string() }))
      .optional()
      .describe('with 400: what is wrong, each by itself'),
    requestId: z.string(),
  })
  .meta({ id: 'MultiplayError' });

/** Multiplay's way of saying no. */
export const multiplayErrors: ErrorDialect = {
  tag: 'as of Multiplay',
  failure: { mediaType: 'application/problem+json', schema: failure },

  owns: (path) => PATHS.test(path),

  answer({ status, code, detail }, _path, requestId) {
    return {
      status,
      contentType: 'application/problem+json; charset=utf-8',
      body: {
        title: ERRORS[code].means,
        status,
        ...(status !== 500 && { detail }),
        ...(status === 400 && { details: messagesOf(detail).map((message) => ({ message })) }),
        requestId,
      },
    };
  },
};

/** A schema joins all it finds wrong in this way. */
function messagesOf(detail: string): readonly string[] {
  return detail.split('; ').slice(0, DETAILS_MAX);
}

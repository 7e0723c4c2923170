import { STATUS_CODES } from 'node:http';
import type { Problem } from './problems.js';

/** An HTTP answer to a request that was not served. */
export interface FailureAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
}

/**
 * One API's way of saying no. Every path belongs to one face, also where it leads nowhere or its
 * body cannot be parsed, so that each API's clients only ever read its own shape.
 */
export interface Face {
  owns(path: string): boolean;
  answer(problem: Problem, path: string): FailureAnswer;
}

/** Berth's own API: problem details as of RFC 9457. It owns whatever no other face does. */
export const nativeFace: Face = {
  owns: () => true,

  answer({ status, code, detail, extras: { allocationId } }, path) {
    return {
      status,
      contentType: 'application/problem+json; charset=utf-8',
      body: {
        // By the RFC, the title of a problem of no type is the status' own phrase.
        type: 'about:blank',
        title: STATUS_CODES[status] ?? 'Error',
        status,
        detail,
        instance: path,
        code,
        allocationId,
      },
    };
  },
};

import type { Refused } from '#wire';
import { ERRORS, type ProblemCode } from './errors.js';

/** What to tell a requester to wait, in seconds, where waiting can help. */
const RETRY_AFTER_S = 1;

interface ProblemExtras {
  readonly allocationId?: string | undefined;
  /** Seconds after which the same request may succeed. */
  readonly retryAfterS?: number;
  /** What is logged and not answered: who asked must not know it. */
  readonly log?: string;
  /** Further headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that is not served, in HTTP's terms; how it is put into words is its face's affair. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    /** Stable, for programs; each is explained in `errors.ts`. */
    readonly code: ProblemCode,
    /** For people. */
    readonly detail: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(detail);
  }
}

export function refusalProblem({ code, message, allocationId }: Refused): Problem {
  const { status } = ERRORS[code];
  return new Problem(status, code, message, {
    allocationId,
    ...(status === 503 && { retryAfterS: RETRY_AFTER_S }),
  });
}

export function invalid(detail: string, extras: ProblemExtras = {}): Problem {
  return new Problem(400, 'invalid', detail, extras);
}

/** Something the gateway needs is away, and will be back. */
export function notReady(detail: string): Problem {
  return new Problem(503, 'not-ready', detail, { retryAfterS: RETRY_AFTER_S });
}

export function noAllocator(region: string, allocationId?: string): Problem {
  const detail = `no allocator is running for region ${region}`;
  return new Problem(503, 'no-allocator', detail, { allocationId, retryAfterS: RETRY_AFTER_S });
}

import type { Refused, RefusalCode } from '#wire';

/** What to tell a requester to wait, in seconds, where waiting can help. */
const RETRY_AFTER_S = 1;

interface ProblemExtras {
  readonly allocationId?: string | undefined;
  /** Seconds after which the same request may succeed. */
  readonly retryAfterS?: number;
}

/** A request that is not served, in HTTP's terms; how it is put into words is its face's affair. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    /** Stable, for programs. */
    readonly code: string,
    /** For people. */
    readonly detail: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(detail);
  }
}

/**
 * The allocator's refusals over HTTP. `none-available` is 503 and not 409: it says nothing about
 * the request, waiting helps, and 503 is the status whose Retry-After clients heed by themselves.
 */
const STATUS: Readonly<Record<RefusalCode, number>> = {
  invalid: 400,
  'unknown-allocation': 404,
  'unknown-slot': 404,
  ended: 410,
  cancelled: 409,
  expired: 410,
  'callback-failed': 502,
  'none-available': 503,
  'stale-revision': 412,
  shed: 503,
  'not-ready': 503,
  'timed-out': 504,
};

export function refusalProblem({ code, message, allocationId }: Refused): Problem {
  const status = STATUS[code];
  return new Problem(status, code, message, {
    allocationId,
    ...(status === 503 && { retryAfterS: RETRY_AFTER_S }),
  });
}

export function invalid(detail: string): Problem {
  return new Problem(400, 'invalid', detail);
}

/** Something the gateway needs is away, and will be back. */
export function notReady(detail: string): Problem {
  return new Problem(503, 'not-ready', detail, { retryAfterS: RETRY_AFTER_S });
}

export function noAllocator(region: string, allocationId?: string): Problem {
  const detail = `no allocator is running for region ${region}`;
  return new Problem(503, 'no-allocator', detail, { allocationId, retryAfterS: RETRY_AFTER_S });
}

import type { NotPermitted } from '#kernel';
import type { RefusalGrounds, Refused } from '#wire';
import { ERRORS, type ProblemCode } from './errors.js';

/** How long requesters are told to wait, if waiting can help (s). */
export const RETRY_AFTER_S = 1;

interface ProblemExtras {
  readonly allocationId?: string | undefined;
  /** What stood in the way of a request for a server. */
  readonly grounds?: RefusalGrounds | undefined;
  /** Seconds after which the same request may succeed. */
  readonly retryAfterS?: number;
  /** Logged but not answered, because the requester must not know it. */
  readonly log?: string;
  /** Further headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A request that is not served, in HTTP's terms; the error dialect of its path puts it into words.
 */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    /** Stable, for programs; `errors.ts` explains each code. */
    readonly code: ProblemCode,
    /** Text for people. */
    readonly detail: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(detail);
  }
}

export function refusalProblem({ code, message, allocationId, grounds }: Refused): Problem {
  const { status } = ERRORS[code];
  return new Problem(status, code, message, {
    allocationId,
    grounds,
    ...(status === 503 && { retryAfterS: RETRY_AFTER_S }),
  });
}

export function invalid(detail: string, extras: ProblemExtras = {}): Problem {
  return new Problem(400, 'invalid', detail, extras);
}

/** Something that the gateway needs is away, and is expected back. */
export function notReady(detail: string): Problem {
  return new Problem(503, 'not-ready', detail, { retryAfterS: RETRY_AFTER_S });
}

/** The files of nats-server do not let the gateway ask, or are older than it. */
export function notPermitted({ message }: NotPermitted): Problem {
  const detail = 'the gateway does not have the permission on NATS; its log tells which';
  return new Problem(503, 'not-ready', detail, { log: message });
}

export function noAllocator(region: string, allocationId?: string): Problem {
  const detail = `no allocator is running for region ${region}`;
  return new Problem(503, 'no-allocator', detail, { allocationId, retryAfterS: RETRY_AFTER_S });
}

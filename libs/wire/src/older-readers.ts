import type { AllocationRequest } from './messages/allocation.schema.js';
import { refusalCode, type Refused } from './messages/refusal.schema.js';
import { isShortage } from './refusals.js';

/*
 * How messages are written so that services of version 0.2 read them: see ADR 43.
 */

/**
 * A request as it is sent. Allocators of version 0.2 know `fleet` only, and refuse a request with
 * `fleets`; one fleet is named so that they know it.
 */
export function sentRequest<Request extends Pick<AllocationRequest, 'fleet' | 'fleets'>>(
  request: Request,
): Request {
  const { fleets, ...rest } = request;
  if (request.fleet !== undefined || fleets?.length !== 1) return request;
  return { ...rest, fleet: fleets[0] } as Request;
}

/**
 * A refusal as it is sent and stored. Readers of version 0.2 refuse a whole answer for a code that
 * they do not know, so such a code goes into a field of its own, and `code` is the one that they had
 * for the same.
 */
export function sentRefusal<Answer>(answer: Answer): Answer {
  const { status, code } = answer as Partial<Refused>;
  if (status !== 'refused' || code === undefined || code === 'none-available') return answer;
  if (!isShortage(code) && code !== 'unknown-fleet') return answer;
  return { ...answer, code: 'none-available', cause: code };
}

/** A refusal as it is meant. A cause that only later versions know is left out. */
export function receivedRefusal<Answer>(answer: Answer): Answer {
  const { cause, ...refused } = answer as Partial<Refused>;
  if (refused.status !== 'refused' || cause === undefined) return answer;
  const exact = refusalCode.safeParse(cause);
  return { ...refused, ...(exact.success && { code: exact.data }) } as Answer;
}

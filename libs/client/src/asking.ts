import type { Bus } from '#kernel';
import {
  allocateSubject,
  allocationAnswer,
  deallocateSubject,
  deallocationAnswer,
  decodeJson,
  encodeJson,
  type AllocationAnswer,
  type AllocationRequest,
  type DeallocationAnswer,
  type DeallocationRequest,
} from '#wire';

/** An allocator keeps the deadline it is given; this is for the way there and back. */
const TRAVEL_MS = 500;

/**
 * One try of one request, which waits for `timeoutMs` of the request and a little longer. A name
 * for the allocation is required, for without one a second try would be given a second server.
 *
 * @throws {DeadlinePassed} there was no answer.
 * @throws {NobodyListens} no allocator runs in the region.
 * @throws {Unparsable} the answer is none that this version knows.
 */
export async function askForAllocation(
  bus: Bus,
  request: AllocationRequest & { readonly allocationId: string },
): Promise<AllocationAnswer> {
  const subject = allocateSubject(request.region);
  const body = await bus.request(subject, encodeJson(request), request.timeoutMs + TRAVEL_MS);
  return decodeJson(allocationAnswer, body);
}

/** Throws as `askForAllocation`. */
export async function askForDeallocation(
  bus: Bus,
  request: DeallocationRequest,
  timeoutMs: number,
): Promise<DeallocationAnswer> {
  const subject = deallocateSubject(request.region);
  return decodeJson(
    deallocationAnswer,
    await bus.request(subject, encodeJson(request), timeoutMs + TRAVEL_MS),
  );
}

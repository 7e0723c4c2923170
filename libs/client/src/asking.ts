import type { Bus } from '#kernel';
import {
  endpoints,
  allocationAnswer,
  deallocationAnswer,
  operationAnswer,
  encodeJson,
  fleetsAnswer,
  sizeAnswer,
  type AllocationAnswer,
  type AllocationRequest,
  type CancelRequest,
  type DeallocationAnswer,
  type DeallocationRequest,
  type OperationAnswer,
  type OperationRequest,
  type FleetsAnswer,
  type FleetsRequest,
  type SizeAnswer,
  type SizeRequest,
} from '#wire';
import { ask } from './ask.js';

/** An allocator keeps the deadline it is given; this is for the way there and back. */
const TRAVEL_MS = 500;

/**
 * One try of one request. A name for the allocation is required, for without one a second try would
 * be given a second server.
 *
 * @param patienceMs how long this try waits for its answer; it is given a little longer.
 * @throws {DeadlinePassed} there was no answer.
 * @throws {NobodyListens} no allocator runs in the region.
 * @throws {Unparsable} the answer is none that this version knows.
 */
export function askForAllocation(
  bus: Bus,
  request: AllocationRequest & { readonly allocationId: string },
  patienceMs = request.waitMs + request.timeoutMs,
): Promise<AllocationAnswer> {
  return ask(
    bus,
    endpoints.allocate.subject.of({ region: request.region }),
    request,
    allocationAnswer,
    patienceMs + TRAVEL_MS,
  );
}

/**
 * Frees the place of a request that waits, at whichever allocators. It may be lost, like any message
 * on the bus, or come too late: the request may have been given a server already.
 */
export function cancelWaiting(bus: Bus, region: string, request: CancelRequest): void {
  bus.publish(endpoints.cancel.subject.of({ region }), encodeJson(request));
}

/** Throws as `askForAllocation`. */
export function askForDeallocation(
  bus: Bus,
  request: DeallocationRequest,
  timeoutMs: number,
): Promise<DeallocationAnswer> {
  return ask(
    bus,
    endpoints.deallocate.subject.of({ region: request.region }),
    request,
    deallocationAnswer,
    timeoutMs + TRAVEL_MS,
  );
}

/** Throws as `askForAllocation`. */
export function askForOperation(
  bus: Bus,
  request: OperationRequest,
  timeoutMs: number,
): Promise<OperationAnswer> {
  return ask(
    bus,
    endpoints.operate.subject.of({ region: request.region }),
    request,
    operationAnswer,
    timeoutMs + TRAVEL_MS,
  );
}

/** Throws as `askForAllocation`. */
export function askForSize(bus: Bus, request: SizeRequest, timeoutMs: number): Promise<SizeAnswer> {
  return ask(
    bus,
    endpoints.size.subject.of({ region: request.region }),
    request,
    sizeAnswer,
    timeoutMs + TRAVEL_MS,
  );
}

/** Throws as `askForAllocation`. */
export function askForFleets(
  bus: Bus,
  request: FleetsRequest,
  timeoutMs: number,
): Promise<FleetsAnswer> {
  return ask(
    bus,
    endpoints.fleets.subject.of({ region: request.region }),
    request,
    fleetsAnswer,
    timeoutMs + TRAVEL_MS,
  );
}

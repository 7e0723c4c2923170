import type {
  AllocationAnswer,
  AllocationRequest,
  AllocationResult,
  DeallocationAnswer,
  DeallocationRequest,
  OperationAnswer,
  OperationRequest,
  PublishedRequest,
  Refused,
  SizeAnswer,
  SizeRequest,
} from '#wire';

/** One event of a slot. */
export interface BerthEvent {
  /** `region.agent.slot`. */
  readonly slot: string;
  /** The event's type in the log, such as `CallbackAcked`. */
  readonly type: string;
  /** Epoch ms. */
  readonly at: number;
  /** The slot's status after the event, such as `allocated`. */
  readonly state: string;
  /** Further properties of the event, by its type. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** A request with the allocation's id, so that it can be repeated. */
export type NamedRequest = AllocationRequest & { readonly allocationId: string };

/**
 * One way to reach Berth. Each method is one try that is given up after `patienceMs`, and throws:
 *
 * @throws {DeadlinePassed} if there was no answer in time; the request may have been received
 * @throws {NobodyListens} if no service is there to receive it
 * @throws {Unparsable} if this version does not know the answer
 * @throws {NotAllowed} if the access token is missing, invalid or not sufficient
 */
export interface Transport {
  /** Whether a waiting request loses its place in the queue if a try is given up. */
  readonly losesPlace: boolean;
  allocate(
    request: NamedRequest,
    patienceMs: number,
    signal?: AbortSignal,
  ): Promise<AllocationAnswer>;
  /** Frees the place of a waiting request. The message may get lost. */
  cancel(region: string, allocationId: string): void;
  deallocate(request: DeallocationRequest, patienceMs: number): Promise<DeallocationAnswer>;
  direct(request: OperationRequest, patienceMs: number): Promise<OperationAnswer>;
  size(request: SizeRequest, patienceMs: number): Promise<SizeAnswer>;
  /** Stores a request that is served later. Returns undefined once it is stored. */
  publish(
    region: string,
    request: PublishedRequest,
    patienceMs: number,
  ): Promise<Refused | undefined>;
  /** The result of a published request; undefined if there is none yet. */
  result(
    region: string,
    allocationId: string,
    patienceMs: number,
  ): Promise<AllocationResult | Refused | undefined>;
  /** Yields what happens from now on, until the signal aborts. */
  watch(region: string, signal: AbortSignal): AsyncIterable<BerthEvent>;
  close(): Promise<void>;
}

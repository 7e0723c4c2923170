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

/** Something that happened to a slot. */
export interface BerthEvent {
  /** `region.agent.slot`. */
  readonly slot: string;
  /** In the words of the log: `CallbackAcked`. */
  readonly type: string;
  /** Epoch ms. */
  readonly at: number;
  /** The slot's status since then: `allocated`. */
  readonly state: string;
  /** What else is told of it, by type. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** A request that carries the allocation's id, so that it may be made again. */
export type NamedRequest = AllocationRequest & { readonly allocationId: string };

/**
 * One way to reach Berth. Each method is one try, given up after its patience (ms), and throws:
 *
 * @throws {DeadlinePassed} there was no answer in time; it may have been heard.
 * @throws {NobodyListens} nobody is there to hear it.
 * @throws {Unparsable} the answer is none that this version knows.
 * @throws {NotAllowed} the access token is missing, wrong, or not enough.
 */
export interface Transport {
  /** Whether a request that waits loses its place in the line when a try is given up. */
  readonly losesPlace: boolean;
  allocate(
    request: NamedRequest,
    patienceMs: number,
    signal?: AbortSignal,
  ): Promise<AllocationAnswer>;
  /** Frees the place of a request that waits. May be lost. */
  cancel(region: string, allocationId: string): void;
  deallocate(request: DeallocationRequest, patienceMs: number): Promise<DeallocationAnswer>;
  direct(request: OperationRequest, patienceMs: number): Promise<OperationAnswer>;
  size(request: SizeRequest, patienceMs: number): Promise<SizeAnswer>;
  /** Stores a request that is served when that can be; undefined once it is stored. */
  publish(
    region: string,
    request: PublishedRequest,
    patienceMs: number,
  ): Promise<Refused | undefined>;
  /** What became of one that was published; undefined where nothing has yet. */
  result(
    region: string,
    allocationId: string,
    patienceMs: number,
  ): Promise<AllocationResult | Refused | undefined>;
  /** What happens from now on, until the signal aborts. */
  watch(region: string, signal: AbortSignal): AsyncIterable<BerthEvent>;
  close(): Promise<void>;
}

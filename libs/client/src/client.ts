import { Bus, NobodyListens, Unparsable, type Random, type Clock } from '#kernel';
import { JetStreamOutcomeStore, JetStreamRequestQueue, NatsBus, connectNats } from '#jetstream';
import { SystemRandom, SystemClock } from '#service-runtime';
import {
  REQUEST_TIMEOUT_MS,
  allocationRequest,
  publishedRequest,
  deallocationRequest,
  operationRequest,
  parse,
  sizeRequest,
  type Allocated,
  type OutcomeStore,
  type RequestQueue,
  type OperatedSlot,
  type FleetView,
} from '#wire';
import type { z } from 'zod';
import {
  allocationOf,
  publishedResultOf,
  type Allocation,
  type PublishedResult,
} from './allocation.js';
import { BusTransport } from './bus-transport.js';
import { AllocatorAbsent, Refused } from './errors.js';
import { persist } from './persist.js';
import { Publications } from './publications.js';
import type { BerthEvent, Transport } from './transport.js';

/** As `allocationRequest` on the wire; only `region` is required. */
export type AllocateOptions = z.input<typeof allocationRequest>;

export type DeallocateOptions = z.input<typeof deallocationRequest> & {
  /** How long to keep trying, in ms. */
  readonly timeoutMs?: number;
};

/** What is asked of one slot of an agent, or of all it has now. */
export type DirectOptions = z.input<typeof operationRequest> & {
  /** How long to wait for the answer, in ms. */
  readonly timeoutMs?: number;
};

/** A size of a fleet; `size: null` withdraws it. */
export type SizeOptions = z.input<typeof sizeRequest> & {
  /** How long to wait for the answer, in ms. */
  readonly timeoutMs?: number;
};

export interface WatchOptions {
  readonly region: string;
  /** Ends it. */
  readonly signal: AbortSignal;
}

export interface ConnectOptions {
  /** `nats://host:port`, several comma separated. */
  readonly servers: string;
}

/** As `publishedRequest` on the wire; `region` and `allocationId` are required. */
export type PublishOptions = z.input<typeof publishedRequest> & { readonly region: string };

interface Interruptible {
  /**
   * Ends the wait, and frees the place of a request that waits for a slot. What has been granted by
   * then stays: name the allocation yourself to release it.
   */
  readonly signal?: AbortSignal;
}

interface ClientDeps {
  readonly clock?: Clock;
  readonly random?: Random;
  /** Where requests are published that nobody waits for, and what became of them is found. */
  readonly queueOf?: (region: string) => RequestQueue;
  readonly outcomesOf?: (region: string) => OutcomeStore;
  /** What to do once the client is closed. */
  readonly close?: () => Promise<void>;
}

/** Asks Berth for game servers, and gives them back. */
export class BerthClient {
  private readonly clock: Clock;
  private readonly random: Random;
  private readonly transport: Transport;

  constructor(
    reached: Bus | Transport,
    private readonly deps: ClientDeps = {},
  ) {
    this.clock = deps.clock ?? new SystemClock();
    this.transport =
      reached instanceof Bus
        ? new BusTransport(reached, publicationsOf(deps, this.clock))
        : reached;
    this.random = deps.random ?? new SystemRandom();
  }

  /** Rejects where none of the servers can be reached. */
  static async connect({ servers }: ConnectOptions): Promise<BerthClient> {
    const connection = await connectNats({ servers, name: 'berth-client' });
    const clock = new SystemClock();
    return new BerthClient(new NatsBus(connection), {
      clock,
      queueOf: (region) => new JetStreamRequestQueue(connection, region, clock),
      outcomesOf: (region) => new JetStreamOutcomeStore(connection, region),
      close: () => connection.close(),
    });
  }

  /**
   * Resolves with a server that is yours and knows it. Asking again with the same `allocationId`
   * gives the same server; without one, an id is made up once, and kept through all tries.
   *
   * @throws {Refused} Berth says no; `code` says why.
   * @throws {AllocationUncertain} no verdict within `waitMs` and `timeoutMs` together; it carries the `allocationId`.
   * @throws {AllocatorAbsent} nobody listens in the region.
   */
  async allocate(options: AllocateOptions, { signal }: Interruptible = {}): Promise<Allocation> {
    const allocationId = options.allocationId ?? this.random.id();
    const request = { ...valid(allocationRequest, options, allocationId), allocationId };
    const { region, waitMs, timeoutMs } = request;
    const cancel = () => this.transport.cancel(region, allocationId);
    if (waitMs > 0) signal?.addEventListener('abort', cancel, { once: true });
    try {
      const allocated = await persist<Allocated>({
        ...this.claimAttempt(request, waitMs + timeoutMs, signal),
        waitMs,
        attempt: (patienceMs, leftMs) => {
          const limits = { waitMs: leftMs, timeoutMs: leftMs > 0 ? timeoutMs : patienceMs };
          return this.transport.allocate({ ...request, ...limits }, patienceMs, signal);
        },
      });
      return allocationOf(allocated);
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /**
   * Ends an allocation; its server is taken back. Doing so twice is no error as long as Berth
   * remembers it.
   *
   * @throws as `allocate`.
   */
  async deallocate(
    { timeoutMs = REQUEST_TIMEOUT_MS.default, ...options }: DeallocateOptions,
    { signal }: Interruptible = {},
  ): Promise<{ readonly allocationId: string; readonly slot: string }> {
    const request = valid(deallocationRequest, options, options.allocationId);
    const { allocationId, slot } = await persist<DeallocatedAnswer>({
      ...this.claimAttempt(request, timeoutMs, signal),
      waitMs: 0,
      attempt: (tryMs) => this.transport.deallocate(request, tryMs),
    });
    return { allocationId, slot };
  }

  /**
   * Drains, maintains or retires slots, and says what came of it for each. Doing so twice is no
   * error, so where there was no answer, ask again.
   *
   * @throws {Refused} the direction is wrong, or nobody knows the slot or agent.
   * @throws {DeadlinePassed} there was no answer.
   * @throws {AllocatorAbsent} nobody listens in the region.
   */
  async direct({
    timeoutMs = REQUEST_TIMEOUT_MS.default,
    ...options
  }: DirectOptions): Promise<readonly OperatedSlot[]> {
    const request = valid(operationRequest, options, undefined);
    try {
      const answer = await this.transport.direct(request, timeoutMs);
      if (answer.status === 'directed') return answer.slots;
      throw new Refused(answer.code, answer.message, undefined);
    } catch (error) {
      if (error instanceof NobodyListens) throw new AllocatorAbsent(request.region, error);
      throw error;
    }
  }

  /**
   * Sets a fleet's size in a region, or withdraws it (`size: null`). Doing so twice is doing it once.
   *
   * @throws as `direct`.
   */
  async size({
    timeoutMs = REQUEST_TIMEOUT_MS.default,
    ...options
  }: SizeOptions): Promise<FleetView> {
    const request = valid(sizeRequest, options, undefined);
    try {
      const answer = await this.transport.size(request, timeoutMs);
      if (answer.status === 'sized') return answer.fleet;
      throw new Refused(answer.code, answer.message, undefined);
    } catch (error) {
      if (error instanceof NobodyListens) throw new AllocatorAbsent(request.region, error);
      throw error;
    }
  }

  /**
   * What happens to the slots of a region from now on, until the signal aborts.
   *
   * @throws {FellBehind} it is not read as fast as it happens.
   */
  watch({ region, signal }: WatchOptions): AsyncIterable<BerthEvent> {
    return this.transport.watch(region, signal);
  }

  /**
   * Leaves a request with Berth, which serves it when it can within `waitMs`, counted from now, also
   * where no allocator runs at the time. `result` tells what became of it. Publishing the same again
   * is harmless.
   *
   * @throws {Refused} it was not stored: it is wrong (`invalid`), or too many wait to be served, or it
   *   is too large (`shed`).
   * @throws {TransientError} whether it was stored is not known: publish the same again.
   */
  async publish({ region, ...options }: PublishOptions): Promise<void> {
    const request = valid(publishedRequest, options, options.allocationId);
    const refused = await this.transport.publish(region, request, REQUEST_TIMEOUT_MS.default);
    if (refused !== undefined)
      throw new Refused(refused.code, refused.message, options.allocationId);
  }

  /**
   * What became of a published request; undefined where nothing has yet. Kept for a day.
   *
   * @throws {Refused} `unknown-allocation`: nothing was published under this id, or a day has passed.
   * @throws {TransientError} it cannot be read now.
   */
  async result(region: string, allocationId: string): Promise<PublishedResult | undefined> {
    const patienceMs = REQUEST_TIMEOUT_MS.default;
    const found = await this.transport.result(region, allocationId, patienceMs);
    if (found === undefined) return undefined;
    if (!('status' in found)) return publishedResultOf(found);
    throw new Refused(found.code, found.message, allocationId);
  }

  async close(): Promise<void> {
    await this.transport.close();
    await this.deps.close?.();
  }

  private claimAttempt(
    { allocationId, region }: { readonly allocationId: string; readonly region: string },
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ) {
    const { clock, random } = this;
    const { losesPlace } = this.transport;
    return { allocationId, region, timeoutMs, losesPlace, signal, clock, random };
  }
}

interface DeallocatedAnswer {
  readonly status: 'deallocated';
  readonly allocationId: string;
  readonly slot: string;
}

function publicationsOf(
  { queueOf, outcomesOf }: ClientDeps,
  clock: Clock,
): Publications | undefined {
  if (queueOf === undefined || outcomesOf === undefined) return undefined;
  return new Publications({ queueOf, outcomesOf, clock });
}

/** What an allocator would refuse is refused here already, in the same way. */
function valid<T>(schema: z.ZodType<T>, value: unknown, allocationId: string | undefined): T {
  try {
    return parse(schema, value);
  } catch (error) {
    if (error instanceof Unparsable) throw new Refused('invalid', error.message, allocationId);
    throw error;
  }
}

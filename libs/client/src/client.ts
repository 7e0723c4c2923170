import { Bus, NobodyListens, Unparsable, type Random, type Clock } from '#kernel';
import { JetStreamOutcomeStore, JetStreamRequestQueue, NatsBus, connectNats } from '#jetstream';
import { SystemRandom, SystemClock } from '#service-runtime';
import { spanned } from '#tracing';
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
import { GivenUpRequests } from './given-up.js';
import type {
  AllocateOptions,
  ConnectOptions,
  DeallocateOptions,
  DirectOptions,
  Interruptible,
  PublishOptions,
  SizeOptions,
  WatchOptions,
} from './options.js';
import { persist } from './persist.js';
import { Publications } from './publications.js';
import type { BerthEvent, Transport } from './transport.js';

interface ClientDeps {
  readonly clock?: Clock;
  readonly random?: Random;
  /** Where requests are published that nobody waits for, and where their results are kept. */
  readonly queueOf?: (region: string) => RequestQueue;
  readonly outcomesOf?: (region: string) => OutcomeStore;
  /** The project that the login is of; undefined: it is of all projects. */
  readonly project?: string;
  /** Called when the client is closed. */
  readonly close?: () => Promise<void>;
}

/** Asks Berth for game servers, and releases them. */
export class BerthClient {
  private readonly clock: Clock;
  private readonly random: Random;
  private readonly transport: Transport;
  private readonly givenUp: GivenUpRequests;

  constructor(
    reached: Bus | Transport,
    private readonly deps: ClientDeps = {},
  ) {
    this.clock = deps.clock ?? new SystemClock();
    this.transport =
      reached instanceof Bus
        ? new BusTransport(reached, publicationsOf(deps, reached, this.clock), deps.project)
        : reached;
    this.random = deps.random ?? new SystemRandom();
    this.givenUp = new GivenUpRequests(this.clock, (allocation) => this.deallocate(allocation));
  }

  /**
   * @throws {LoginInvalid} two ways to log in, or a file that cannot be used.
   * @throws {CredentialsRefused | TlsRefused} NATS does not let us in.
   * @throws {TransientError} none of the servers can be reached.
   */
  static async connect(options: ConnectOptions): Promise<BerthClient> {
    const connection = await connectNats({ ...options, name: 'berth-client' });
    const clock = new SystemClock();
    return new BerthClient(new NatsBus(connection), {
      clock,
      ...(options.project !== undefined && { project: options.project }),
      queueOf: (region) => new JetStreamRequestQueue(connection, region, clock),
      outcomesOf: (region) => new JetStreamOutcomeStore(connection, region),
      close: () => connection.close(),
    });
  }

  /**
   * Resolves with a server that was allocated for you and has accepted its callback. The same
   * `allocationId` gives the same server again. Without one, the client makes up an id and keeps it
   * for all tries.
   *
   * @throws {Refused} Berth refused; `code` says why.
   * @throws {AllocationUncertain} if there is no verdict within `waitMs` and `timeoutMs` together.
   * It has the `allocationId`.
   * @throws {AllocatorAbsent} if no allocator runs in the region
   */
  async allocate(options: AllocateOptions, { signal }: Interruptible = {}): Promise<Allocation> {
    const allocationId = options.allocationId ?? this.random.id();
    const request = { ...valid(allocationRequest, options, allocationId), allocationId };
    const { region, waitMs, timeoutMs } = request;
    const cancel = () => this.transport.cancel(region, allocationId);
    if (waitMs > 0) signal?.addEventListener('abort', cancel, { once: true });
    /** Tries that an allocator may still serve. */
    let unanswered = 0;
    try {
      const attempt = async (patienceMs: number, leftMs: number) => {
        const limits = { waitMs: leftMs, timeoutMs: leftMs > 0 ? timeoutMs : patienceMs };
        unanswered += 1;
        const answer = await this.transport.allocate({ ...request, ...limits }, patienceMs, signal);
        if (answer.status === 'refused' && answer.code !== 'timed-out') unanswered -= 1;
        return answer;
      };
      const ids = () => ({ 'berth.allocation_id': allocationId, 'berth.region': region });
      const allocated = await spanned('allocate', { kind: 'client', ids }, () =>
        persist<Allocated>({
          ...this.claimAttempt(request, waitMs + timeoutMs, signal),
          ...{ waitMs, attempt },
        }),
      );
      return allocationOf(allocated);
    } catch (error) {
      const isOver = signal?.aborted === true || error instanceof Refused;
      if (isOver && unanswered > 0 && options.allocationId === undefined) {
        // Its caller does not ask again, and nobody else knows the id.
        if (waitMs > 0 && !signal?.aborted) cancel();
        this.givenUp.add(region, allocationId, timeoutMs);
      }
      throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /**
   * Ends an allocation and frees its server. Doing so twice is no error, as long as Berth remembers
   * the allocation.
   *
   * @throws as `allocate`
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
   * Drains, maintains or retires slots; returns the outcome for each. Doing so twice is no error,
   * so if there was no answer, ask again.
   *
   * @throws {Refused} if the request is wrong, or the slot or agent is unknown
   * @throws {DeadlinePassed} if there was no answer in time
   * @throws {AllocatorAbsent} if no allocator runs in the region
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
   * Sets a fleet's size in a region, or withdraws it (`size: null`). Repeating it changes nothing.
   *
   * @throws as `direct`
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
   * Yields what happens to the slots of a region from now on, until the signal aborts.
   *
   * @throws {FellBehind} if events come faster than they are read
   */
  watch({ region, signal }: WatchOptions): AsyncIterable<BerthEvent> {
    return this.transport.watch(region, signal);
  }

  /**
   * Leaves a request with Berth, which serves it if it can within `waitMs`, counted from now, even
   * if no allocator runs at the moment. `result` returns the outcome. Publishing the same request
   * again is harmless.
   *
   * @throws {Refused} if it was not stored: it is invalid (`invalid`), or too large, or too many
   * requests wait (`shed`)
   * @throws {TransientError} if it is unknown whether it was stored: publish it again
   */
  async publish({ region, ...options }: PublishOptions): Promise<void> {
    const request = valid(publishedRequest, options, options.allocationId);
    const { allocationId } = options;
    const ids = () => ({ 'berth.allocation_id': allocationId, 'berth.region': region });
    const refused = await spanned('publish', { kind: 'producer', ids }, () =>
      this.transport.publish(region, request, REQUEST_TIMEOUT_MS.default),
    );
    if (refused !== undefined) throw new Refused(refused.code, refused.message, allocationId);
  }

  /**
   * The result of a published request; undefined if there is none yet. Results are kept for a day.
   *
   * @throws {Refused} `unknown-allocation` if nothing was published under this id within the last
   * day
   * @throws {TransientError} if the result cannot be read now
   */
  async result(region: string, allocationId: string): Promise<PublishedResult | undefined> {
    const patienceMs = REQUEST_TIMEOUT_MS.default;
    const found = await this.transport.result(region, allocationId, patienceMs);
    if (found === undefined) return undefined;
    if (!('status' in found)) return publishedResultOf(found);
    throw new Refused(found.code, found.message, allocationId);
  }

  /** Resolves when servers that nobody wants any more are given back, and the connection closed. */
  async close(): Promise<void> {
    await this.givenUp.settled();
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
  bus: Bus,
  clock: Clock,
): Publications | undefined {
  if (queueOf === undefined || outcomesOf === undefined) return undefined;
  return new Publications({ queueOf, outcomesOf, bus, clock });
}

/** Refuses here what an allocator would refuse, with the same error. */
function valid<T>(schema: z.ZodType<T>, value: unknown, allocationId: string | undefined): T {
  try {
    return parse(schema, value);
  } catch (error) {
    if (error instanceof Unparsable) throw new Refused('invalid', error.message, allocationId);
    throw error;
  }
}

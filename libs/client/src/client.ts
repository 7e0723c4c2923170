import { Unparsable, type Bus, type Chance, type Clock } from '#kernel';
import { NatsBus, connectNats } from '#jetstream';
import { SystemChance, SystemClock } from '#service';
import {
  REQUEST_TIMEOUT_MS,
  allocationRequest,
  deallocationRequest,
  parse,
  type Allocated,
} from '#wire';
import type { z } from 'zod';
import { askForAllocation, askForDeallocation } from './asking.js';
import { Refused } from './errors.js';
import { persist } from './persist.js';

/** A game server of one's own: where it is, and what it said when it was told. */
export type Allocation = Omit<Allocated, 'status'>;

/** As `allocationRequest` on the wire; only `region` is required. */
export type AllocateOptions = z.input<typeof allocationRequest>;

export type DeallocateOptions = z.input<typeof deallocationRequest> & {
  /** How long to keep trying, in ms. */
  readonly timeoutMs?: number;
};

export interface ConnectOptions {
  /** `nats://host:port`, several comma separated. */
  readonly servers: string;
}

interface Interruptible {
  /** Ends the wait, not what was asked for: name the allocation yourself to release it then. */
  readonly signal?: AbortSignal;
}

interface Surroundings {
  readonly clock?: Clock;
  readonly chance?: Chance;
  /** What to do once the client is closed. */
  readonly close?: () => Promise<void>;
}

/** Asks Berth for game servers, and gives them back. */
export class BerthClient {
  private readonly clock: Clock;
  private readonly chance: Chance;

  constructor(
    private readonly bus: Bus,
    private readonly surroundings: Surroundings = {},
  ) {
    this.clock = surroundings.clock ?? new SystemClock();
    this.chance = surroundings.chance ?? new SystemChance();
  }

  /** Rejects where none of the servers can be reached. */
  static async connect({ servers }: ConnectOptions): Promise<BerthClient> {
    const connection = await connectNats({ servers, name: 'berth-client' });
    return new BerthClient(new NatsBus(connection), { close: () => connection.close() });
  }

  /**
   * Resolves with a server that is yours and knows it. Asking again with the same `allocationId`
   * gives the same server; without one, an id is made up once, and kept through all tries.
   *
   * @throws {Refused} Berth says no; `code` says why.
   * @throws {AllocationUncertain} no verdict by `timeoutMs`; it carries the `allocationId`.
   * @throws {AllocatorAbsent} nobody listens in the region.
   */
  async allocate(options: AllocateOptions, { signal }: Interruptible = {}): Promise<Allocation> {
    const allocationId = options.allocationId ?? this.chance.id();
    const request = { ...valid(allocationRequest, options, allocationId), allocationId };
    const { status: _, ...allocation } = await persist<Allocated>({
      ...this.pursuit(request, request.timeoutMs, signal),
      attempt: (timeoutMs) => askForAllocation(this.bus, { ...request, timeoutMs }),
    });
    return allocation;
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
      ...this.pursuit(request, timeoutMs, signal),
      attempt: (tryMs) => askForDeallocation(this.bus, request, tryMs),
    });
    return { allocationId, slot };
  }

  async close(): Promise<void> {
    await this.surroundings.close?.();
  }

  private pursuit(
    { allocationId, region }: { readonly allocationId: string; readonly region: string },
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ) {
    const { clock, chance } = this;
    return { allocationId, region, timeoutMs, signal, clock, chance };
  }
}

interface DeallocatedAnswer {
  readonly status: 'deallocated';
  readonly allocationId: string;
  readonly slot: string;
}

/** What an allocator would refuse is refused here already, in the same way. */
function valid<T>(schema: z.ZodType<T>, value: unknown, allocationId: string): T {
  try {
    return parse(schema, value);
  } catch (error) {
    if (error instanceof Unparsable) throw new Refused('invalid', error.message, allocationId);
    throw error;
  }
}

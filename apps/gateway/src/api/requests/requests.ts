import { Publications } from '#client';
import { LogRefused, type Bus, type Random, type Clock } from '#kernel';
import {
  decodeJson,
  refusalRecord,
  refusalSubject,
  endpoints,
  type AllocationResult,
  type AskedRecord,
  type OutcomeStore,
  type PublishedRequest,
  type RefusalRecord,
  type RequestQueue,
} from '#wire';
import { idFor, requireRegion } from '../../auth/caller.js';
import { Problem, notReady } from '../../http/problems.js';

/** Where a region's requests are published, and where their outcomes are found. */
export interface RequestDeps {
  queueOf?(region: string): RequestQueue;
  outcomesOf?(region: string): OutcomeStore;
}

/** A refusal with its sequence in the region. */
export interface ListedRefusal extends RefusalRecord {
  readonly sequence: number;
}

/**
 * Publishes requests and looks up their outcomes by full ids, for callers who may use the region. Throws
 * `TransientError`.
 */
export class Requests {
  private readonly publications: Publications;

  constructor(
    private readonly deps: RequestDeps & { readonly bus: Bus; readonly clock: Clock },
    private readonly random: Random,
  ) {
    this.publications = new Publications({
      queueOf: (region) => needed(deps.queueOf?.(region)),
      outcomesOf: (region) => this.outcomesOf(region),
      clock: deps.clock,
      bus: deps.bus,
    });
  }

  /** An id for a request that has none. */
  newId(): string {
    return this.random.id();
  }

  /**
   * Stores a request, by its full id. From then on it is served, or expires, whatever happens here.
   */
  async publish(region: string, request: Omit<PublishedRequest, 'region'>): Promise<void> {
    requireRegion(region);
    try {
      await this.publications.publish(region, request);
    } catch (error) {
      if (!(error instanceof LogRefused)) throw error;
      const detail = `the queue of region ${region} does not accept it: ${error.message}`;
      const allocationId = idFor(request.allocationId);
      throw new Problem(503, 'shed', detail, { allocationId, retryAfterS: 1 });
    }
  }

  /** The outcome of a request; `unknown` if none was published under the id within the last day. */
  outcome(region: string, allocationId: string) {
    requireRegion(region);
    return this.publications.outcome(region, allocationId);
  }

  /** The last result under the id, which may belong to an earlier request. */
  result(region: string, allocationId: string): Promise<AllocationResult | undefined> {
    requireRegion(region);
    return this.publications.result(region, allocationId);
  }

  /**
   * The last refusal of a request with this id, within the last day; undefined too if this gateway
   * was started without outcomes.
   */
  async refusal(region: string, allocationId: string): Promise<RefusalRecord | undefined> {
    requireRegion(region);
    const outcomes = this.deps.outcomesOf?.(region);
    const body = await outcomes?.last(refusalSubject(region, allocationId));
    return body && decodeJson(refusalRecord, body);
  }

  /** What was asked for under the id. */
  asked(region: string, allocationId: string): Promise<AskedRecord | undefined> {
    requireRegion(region);
    return this.publications.asked(region, allocationId);
  }

  /** Records that the requester does not want the request any more; does not tell any allocator. */
  withdraw(region: string, asked: AskedRecord): Promise<void> {
    requireRegion(region);
    return this.publications.withdraw(region, asked);
  }

  /** The earliest refusals after a sequence, or since an instant (epoch ms). */
  async refusals(
    region: string,
    from: { readonly after: number } | { readonly at: number },
    most: number,
  ): Promise<readonly ListedRefusal[]> {
    // Subjects are `refusal.<region>.<id>`; the filter matches any id.
    const filter = endpoints.refusal.subject.filter({ region });
    const found = await this.outcomesOf(region).list(filter, from, most);
    return found.map(({ sequence, body }) => ({ ...decodeJson(refusalRecord, body), sequence }));
  }

  private outcomesOf(region: string): OutcomeStore {
    return needed(this.deps.outcomesOf?.(region));
  }
}

function needed<T>(part: T | undefined): T {
  if (part === undefined) throw notReady('this gateway was started without a queue of requests');
  return part;
}

import { Publications } from '#client';
import { LogRefused, type Random, type Clock } from '#kernel';
import {
  decodeJson,
  refusalRecord,
  endpoints,
  type AllocationResult,
  type AskedRecord,
  type OutcomeStore,
  type PublishedRequest,
  type RefusalRecord,
  type RequestQueue,
} from '#wire';
import { requireRegion } from '../../auth/caller.js';
import { Problem, notReady } from '../../http/problems.js';

/** Where a region's requests are published, and where it is found what became of them. */
export interface RequestDeps {
  queueOf?(region: string): RequestQueue;
  outcomesOf?(region: string): OutcomeStore;
}

/** A refusal, and its place among all of its region. */
export interface ListedRefusal extends RefusalRecord {
  readonly sequence: number;
}

/**
 * Requests that are published and forgotten, and what became of any, for those who may use the
 * region. Throws `TransientError`.
 */
export class Requests {
  private readonly publications: Publications;

  constructor(
    private readonly deps: RequestDeps & { readonly clock: Clock },
    private readonly random: Random,
  ) {
    this.publications = new Publications({
      queueOf: (region) => needed(deps.queueOf?.(region)),
      outcomesOf: (region) => this.outcomesOf(region),
      clock: deps.clock,
    });
  }

  /** Resolves with its id once it is stored: then it is served, or expires, whoever runs. */
  async publish(
    region: string,
    request: Omit<PublishedRequest, 'allocationId' | 'region'> & { allocationId?: string },
  ): Promise<string> {
    requireRegion(region);
    const { allocationId = this.random.id() } = request;
    try {
      await this.publications.publish(region, { ...request, allocationId });
    } catch (error) {
      if (!(error instanceof LogRefused)) throw error;
      const detail = `the queue of region ${region} does not take it: ${error.message}`;
      throw new Problem(503, 'shed', detail, { allocationId, retryAfterS: 1 });
    }
    return allocationId;
  }

  /** What became of it; `unknown` where it was never published, or longer than a day ago. */
  outcome(region: string, allocationId: string) {
    requireRegion(region);
    return this.publications.outcome(region, allocationId);
  }

  /** The last result under the id, be it that of an earlier request. */
  result(region: string, allocationId: string): Promise<AllocationResult | undefined> {
    requireRegion(region);
    return this.publications.result(region, allocationId);
  }

  /** What was asked for under the id. */
  asked(region: string, allocationId: string): Promise<AskedRecord | undefined> {
    requireRegion(region);
    return this.publications.asked(region, allocationId);
  }

  /** Notes that the requester does not want it any more; says so to nobody. */
  withdraw(region: string, asked: AskedRecord): Promise<void> {
    requireRegion(region);
    return this.publications.withdraw(region, asked);
  }

  /** The earliest after a sequence, or since an instant (epoch ms). */
  async refusals(
    region: string,
    from: { readonly after: number } | { readonly at: number },
    most: number,
  ): Promise<readonly ListedRefusal[]> {
    // `refusal.<region>.<id>`, for any id.
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

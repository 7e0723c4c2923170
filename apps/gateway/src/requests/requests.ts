import { LogRefused, type Chance } from '#kernel';
import {
  allocationResult,
  decodeJson,
  encodeJson,
  refusalRecord,
  refusalSubject,
  resultSubject,
  type AllocationResult,
  type OutcomeStore,
  type PublishedRequest,
  type RefusalRecord,
  type RequestQueue,
} from '#wire';
import { Problem, notReady } from '../problems.js';

/** Where a region's requests are published, and where it is found what became of them. */
export interface RequestParts {
  queueOf?(region: string): RequestQueue;
  outcomesOf?(region: string): OutcomeStore;
}

/** A refusal, and its place among all of its region. */
export interface ListedRefusal extends RefusalRecord {
  readonly sequence: number;
}

/** Requests that are published and forgotten, and what became of any. Throws `Trouble`. */
export class Requests {
  constructor(
    private readonly parts: RequestParts,
    private readonly chance: Chance,
  ) {}

  /** Resolves with its id once it is stored: then it is served, or expires, whoever runs. */
  async publish(
    region: string,
    request: Omit<PublishedRequest, 'allocationId' | 'region'> & { allocationId?: string },
  ): Promise<string> {
    const { allocationId = this.chance.id() } = request;
    const queue = needed(this.parts.queueOf?.(region));
    try {
      await queue.publish(allocationId, encodeJson({ ...request, allocationId }));
    } catch (error) {
      if (!(error instanceof LogRefused)) throw error;
      const detail = `the queue of region ${region} does not take it: ${error.message}`;
      throw new Problem(503, 'shed', detail, { allocationId, retryAfterS: 1 });
    }
    return allocationId;
  }

  /** Undefined where nothing has become of it yet, or a day has passed since. */
  async result(region: string, allocationId: string): Promise<AllocationResult | undefined> {
    const outcomes = needed(this.parts.outcomesOf?.(region));
    const body = await outcomes.last(resultSubject(region, allocationId));
    return body && decodeJson(allocationResult, body);
  }

  /** The earliest after a sequence, or since an instant (epoch ms). */
  async refusals(
    region: string,
    from: { readonly after: number } | { readonly at: number },
    most: number,
  ): Promise<readonly ListedRefusal[]> {
    const outcomes = needed(this.parts.outcomesOf?.(region));
    // `refusal.<region>.<id>`, for any id.
    const filter = refusalSubject(region, '').concat('*');
    const found = await outcomes.list(filter, from, most);
    return found.map(({ sequence, body }) => ({ ...decodeJson(refusalRecord, body), sequence }));
  }
}

function needed<T>(part: T | undefined): T {
  if (part === undefined) throw notReady('this gateway was started without a queue of requests');
  return part;
}

import { LogRefused, type Clock } from '#kernel';
import {
  allocationResult,
  askedRecord,
  askedSubject,
  decodeJson,
  encodeJson,
  resultSubject,
  type AllocationResult,
  type AskedRecord,
  type OutcomeStore,
  type PublishedRequest,
  type RequestQueue,
} from '#wire';

/** The queue drops an id that comes again within two minutes; somewhat more, for clocks differ. */
const ANEW_AFTER_MS = 150_000;

/** Where a region's requests are published, and where it is found what became of them. */
export interface PublicationDeps {
  readonly queueOf: (region: string) => RequestQueue;
  readonly outcomesOf: (region: string) => OutcomeStore;
  readonly clock: Clock;
}

/**
 * Requests that are published, and what became of them. The queue does not tell whether an id waits
 * in it, so what is asked for is noted first, where results are kept: so a request that waits is told
 * from one that was never published. All methods throw `TransientError` and `LogRefused`.
 */
export class Publications {
  constructor(private readonly deps: PublicationDeps) {}

  /** Resolves once it is stored. Where the queue does not take it, nothing was asked. */
  async publish(region: string, request: PublishedRequest): Promise<void> {
    const { queueOf } = this.deps;
    const noted = await this.note(region, request);
    try {
      await queueOf(region).publish(request.allocationId, encodeJson(request));
    } catch (error) {
      if (noted !== undefined && error instanceof LogRefused)
        await this.record(region, { ...noted, shed: true });
      throw error;
    }
  }

  /** What became of it; `unknown` where it was never published, or longer than a day ago. */
  async outcome(
    region: string,
    allocationId: string,
  ): Promise<AllocationResult | 'pending' | 'unknown'> {
    const [asked, result] = await Promise.all([
      this.asked(region, allocationId),
      this.result(region, allocationId),
    ]);
    if (result !== undefined && (asked === undefined || !isBefore(result, asked))) return result;
    return asked === undefined ? 'unknown' : 'pending';
  }

  /** The last result under the id, be it that of an earlier request. */
  async result(region: string, allocationId: string): Promise<AllocationResult | undefined> {
    const body = await this.outcomesOf(region).last(resultSubject(region, allocationId));
    return body && decodeJson(allocationResult, body);
  }

  async asked(region: string, allocationId: string): Promise<AskedRecord | undefined> {
    const body = await this.outcomesOf(region).last(askedSubject(region, allocationId));
    const asked = body && decodeJson(askedRecord, body);
    return asked?.shed === true ? undefined : asked;
  }

  /** Notes that the requester does not want it any more; says so to nobody. */
  async withdraw(region: string, asked: AskedRecord): Promise<void> {
    await this.record(region, { ...asked, withdrawn: true });
  }

  /**
   * What is under way already stays as it is; what was refused long enough ago is asked for anew,
   * and the refusal is not its result.
   */
  private async note(
    region: string,
    { allocationId, fleet, buildConfiguration }: PublishedRequest,
  ): Promise<AskedRecord | undefined> {
    const [asked, result] = await Promise.all([
      this.asked(region, allocationId),
      this.result(region, allocationId),
    ]);
    const isAnew = result !== undefined && this.mayBeAskedAnew(result);
    if (asked !== undefined && (result === undefined || isBefore(result, asked) || !isAnew)) {
      return undefined;
    }
    const noted: AskedRecord = {
      allocationId,
      fleet: fleet ?? null,
      buildConfiguration: buildConfiguration ?? null,
      askedAt: this.deps.clock.now(),
      supersedes: isAnew ? result.publishedAt : null,
      withdrawn: false,
      shed: false,
    };
    await this.record(region, noted);
    return noted;
  }

  private mayBeAskedAnew({ answer, publishedAt }: AllocationResult): boolean {
    const isRefused = answer.status === 'refused' && answer.code !== 'ended';
    return isRefused && this.deps.clock.now() - publishedAt >= ANEW_AFTER_MS;
  }

  private record(region: string, asked: AskedRecord): Promise<void> {
    const subject = askedSubject(region, asked.allocationId);
    return this.outcomesOf(region).record(subject, encodeJson(asked));
  }

  private outcomesOf(region: string): OutcomeStore {
    return this.deps.outcomesOf(region);
  }
}

/** Whether the result is that of an earlier request under the same id. */
export function isBefore(
  { publishedAt }: AllocationResult,
  { supersedes }: Pick<AskedRecord, 'supersedes'>,
): boolean {
  return publishedAt === supersedes;
}

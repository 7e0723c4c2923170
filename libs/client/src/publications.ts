import { LogRefused, type Bus, type Clock } from '#kernel';
import {
  allocationResult,
  askedRecord,
  askedSubject,
  decodeJson,
  encodeJson,
  receivedRefusal,
  resultSubject,
  sentRequest,
  type AllocationResult,
  type AskedRecord,
  type OutcomeStore,
  type PublishedRequest,
  type RequestQueue,
} from '#wire';
import { decryptedAnswer } from './decrypted.js';

/**
 * After this time (ms) a refused id can be published again: the queue drops an id that was
 * published within the last two minutes. Somewhat more, because clocks differ.
 */
const ANEW_AFTER_MS = 150_000;

/** Where a region's requests are published, and where their results are kept. */
export interface PublicationDeps {
  readonly queueOf: (region: string) => RequestQueue;
  readonly outcomesOf: (region: string) => OutcomeStore;
  readonly clock: Clock;
  /** Where encrypted answers are decrypted. */
  readonly bus: Bus;
}

/**
 * Published requests and their results. The queue does not tell whether it holds an id. So each
 * request is first noted beside the results; that distinguishes a waiting request from one that was
 * never published. All methods throw `TransientError` and `LogRefused`.
 */
export class Publications {
  constructor(private readonly deps: PublicationDeps) {}

  /** Resolves once the request is stored. If the queue refuses it, the note is marked as `shed`. */
  async publish(region: string, request: PublishedRequest): Promise<void> {
    const { queueOf } = this.deps;
    const noted = await this.note(region, request);
    try {
      await queueOf(region).publish(request.allocationId, encodeJson(sentRequest(request)));
    } catch (error) {
      if (noted !== undefined && error instanceof LogRefused)
        await this.record(region, { ...noted, shed: true });
      throw error;
    }
  }

  /**
   * The result; `pending` if there is none yet; `unknown` if the request was never published, or
   * more than a day ago.
   */
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

  /** The last result under the id, which may belong to an earlier request. */
  async result(region: string, allocationId: string): Promise<AllocationResult | undefined> {
    const body = await this.outcomesOf(region).last(resultSubject(region, allocationId));
    const result = body && decodeJson(allocationResult, body);
    if (result === undefined) return undefined;
    const answer = receivedRefusal(result.answer);
    if (answer.status === 'refused') return { ...result, answer };
    return { ...result, answer: await decryptedAnswer(this.deps.bus, allocationId, answer) };
  }

  async asked(region: string, allocationId: string): Promise<AskedRecord | undefined> {
    const body = await this.outcomesOf(region).last(askedSubject(region, allocationId));
    const asked = body && decodeJson(askedRecord, body);
    return asked?.shed === true ? undefined : asked;
  }

  /** Notes that the requester no longer wants the request. Notifies nobody. */
  async withdraw(region: string, asked: AskedRecord): Promise<void> {
    await this.record(region, { ...asked, withdrawn: true });
  }

  /**
   * Notes a request, unless it waits already or has a result that stands. If its last refusal is
   * old enough, the request is noted anew and that refusal no longer counts as its result.
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

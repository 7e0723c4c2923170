import {
  Condition,
  errorMessage,
  TransientError,
  Unparsable,
  type Clock,
  type Subscription,
} from '#kernel';
import { continuing, spanned } from '#tracing';
import {
  setAsideSubject,
  fullAllocationId,
  allocationResult,
  decodeJson,
  decodeSent,
  encodeJson,
  publishedRequest,
  QUEUE_PATIENCE_MS,
  resultSubject,
  sentRefusal,
  isShortage,
  type AllocationAnswer,
  type AllocationRequest,
  type AllocationResult,
  type OutcomeStore,
  type PublishedRequest,
  type QueuedRequest,
  type RefusalCode,
  type Refused,
  type RequestQueue,
  type SetAsideRecord,
} from '#wire';
import type { Logger } from '#service-runtime';
import { refusedAnswer } from '../claim/answers.js';
import type { Payloads } from '../payloads/payloads.js';

/**
 * Number of requests that this allocator takes from the queue at a time; the others keep their
 * order.
 */
const IN_HANDS_MAX = 1_000;

/**
 * Pause before a request is delivered again that could not be served for a temporary reason (ms).
 */
const AGAIN_MS = 1_000;

/** Answers have failed no longer, once none has failed for this long (ms). */
const CALM_MS = 10_000;

/** A request that cannot be served for a lasting reason is set aside at this delivery. */
const DELIVERIES_MAX = 5;

/** How much of an unreadable request is recorded (characters). */
const BODY_MAX = 4_096;

/** Refusals that say nothing about the request itself: it is served later. */
const PASSING: readonly RefusalCode[] = ['not-ready', 'timed-out', 'shed'];

/** What this class needs from its allocator. */
interface Serving {
  /** The payload in the answer is as the log has it. */
  allocateAsLogged(request: AllocationRequest): Promise<AllocationAnswer>;
  /** Whether the log has an allocation of this id. */
  knows(allocationId: string): boolean;
}

interface PublishedDeps {
  readonly requests: RequestQueue;
  readonly outcomes: OutcomeStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly payloads: Pick<Payloads, 'storedAt'>;
  /** Whether nothing of a request's payload may be stored in clear. */
  readonly encrypts: boolean;
}

/**
 * Serves requests whose requester does not wait. They are served like all others; but the answer is
 * recorded under their id, and only then is the request settled. If an allocator dies, another one
 * serves the request, and finds by the id what has been done already.
 */
export class PublishedRequests {
  private subscription: Subscription | undefined;
  private readonly failing: Condition;

  constructor(
    private readonly region: string,
    private readonly serving: Serving,
    private readonly deps: PublishedDeps,
  ) {
    this.failing = new Condition(deps.logger, deps.clock, {
      ...{ begins: 'published requests cannot be answered', ends: 'they are answered again' },
      ...{ fields: { region }, calmMs: CALM_MS },
    });
  }

  async start(): Promise<void> {
    const receive = (request: QueuedRequest) => {
      const about = { kind: 'consumer', ids: () => ({ 'berth.region': this.region }) } as const;
      const take = () => this.take(request);
      void continuing(request.carried, () => spanned('serve published', about, take));
    };
    this.subscription = await this.deps.requests.consume(receive, IN_HANDS_MAX);
  }

  stop(): void {
    this.subscription?.close();
  }

  /** Never throws. */
  private async take(queued: QueuedRequest): Promise<void> {
    const stop = this.deps.clock.every(QUEUE_PATIENCE_MS / 3, () => queued.stillAt());
    try {
      if (await this.settle(queued)) {
        await queued.done();
        this.failing.pass();
      } else queued.later(AGAIN_MS);
    } catch (error) {
      this.failing.fail(errorMessage(error));
      queued.later(AGAIN_MS);
    } finally {
      stop();
    }
  }

  /** Returns whether the request needs no further delivery. */
  private async settle(queued: QueuedRequest): Promise<boolean> {
    let request: PublishedRequest;
    try {
      request = decodeSent(publishedRequest, queued);
    } catch (error) {
      if (!(error instanceof Unparsable)) throw error;
      await this.refuseInvalid(queued, error.message);
      return true;
    }
    try {
      return await this.serve(queued, request);
    } catch (error) {
      // An outage may last for any number of deliveries, and says nothing about the request.
      if (error instanceof TransientError || queued.delivery < DELIVERIES_MAX) throw error;
      await this.setAside(queued, errorMessage(error));
      return true;
    }
  }

  private async serve(queued: QueuedRequest, request: PublishedRequest): Promise<boolean> {
    const { allocationId, region = this.region } = request;
    if (queued.delivery > 1 && (await this.isAnswered(allocationId, queued))) return true;
    if (region !== this.region) {
      const message = `region: the subject says ${this.region}, the body ${region}`;
      await this.record(queued, allocationId, refusedAnswer(allocationId, 'invalid', message));
      return true;
    }
    const waitUntil = queued.publishedAt + request.waitMs;
    const leftMs = waitUntil - this.deps.clock.now();
    if (leftMs <= 0 && !this.serving.knows(allocationId)) {
      await this.record(queued, allocationId, expired(request));
      return true;
    }
    const waitMs = Math.max(0, leftMs);
    const answer = await this.serving.allocateAsLogged({ ...request, region, waitMs });
    if (answer.status === 'refused' && PASSING.includes(answer.code)) return false;
    const isExpired = answer.status === 'refused' && isShortage(answer.code);
    // It may have joined another request with the same id and a shorter wait.
    if (isExpired && waitUntil - this.deps.clock.now() > AGAIN_MS) return false;
    await this.record(queued, allocationId, isExpired ? expired(request, answer) : answer);
    return true;
  }

  private async isAnswered(allocationId: string, { publishedAt }: QueuedRequest): Promise<boolean> {
    const body = await this.deps.outcomes.last(resultSubject(this.region, allocationId));
    return body !== undefined && decodeJson(allocationResult, body).publishedAt === publishedAt;
  }

  private async record(
    { publishedAt }: QueuedRequest,
    allocationId: string,
    logged: AllocationAnswer,
  ): Promise<void> {
    const answeredAt = this.deps.clock.now();
    const subject = resultSubject(this.region, allocationId);
    const answer = sentRefusal(await this.deps.payloads.storedAt(subject, logged));
    const result: AllocationResult = { allocationId, publishedAt, answeredAt, answer };
    await this.deps.outcomes.record(subject, encodeJson(result));
  }

  /** If the request has an id, its requester finds under it what was wrong. */
  private async refuseInvalid(queued: QueuedRequest, reason: string): Promise<void> {
    const id = idIn(queued.body);
    if (id !== undefined) await this.record(queued, id, refusedAnswer(id, 'invalid', reason));
    await this.setAside(queued, reason);
  }

  private async setAside({ body, publishedAt }: QueuedRequest, reason: string): Promise<void> {
    this.deps.logger.error({ publishedAt, reason }, 'a published request was set aside');
    const text = this.deps.encrypts
      ? `(${body.length} bytes, not kept because payloads are encrypted)`
      : new TextDecoder().decode(body).slice(0, BODY_MAX);
    const record: SetAsideRecord = { publishedAt, reason, body: text };
    const subject = setAsideSubject(this.region, publishedAt);
    await this.deps.outcomes.record(subject, encodeJson(record));
  }
}

/** `last`: why it was not served at the end of its time, if that was asked. */
function expired({ allocationId, waitMs }: PublishedRequest, last?: Refused): Refused {
  const because = last === undefined ? '' : `: ${last.message}`;
  const message = `no server became available within ${waitMs} ms after it was published${because}`;
  const refused = refusedAnswer(allocationId, 'expired', message);
  return last?.grounds === undefined ? refused : { ...refused, grounds: last.grounds };
}

function idIn(body: Uint8Array): string | undefined {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(body));
    const id = fullAllocationId.safeParse(
      (parsed as { allocationId?: unknown } | null)?.allocationId,
    );
    return id.data;
  } catch {
    return undefined;
  }
}

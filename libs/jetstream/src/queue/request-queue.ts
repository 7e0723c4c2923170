import {
  CannotStore,
  Condition,
  type ConditionLog,
  errorMessage,
  LogRefused,
  TransientError,
  type Clock,
  type Subscription,
} from '#kernel';
import { DATAVERSION, endpoints, QUEUE_PATIENCE_MS, RequestQueue, type QueuedRequest } from '#wire';
import {
  AckPolicy,
  DeliverPolicy,
  jetstream,
  jetstreamManager,
  type Consumer,
  type JsMsg,
} from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import { reach } from '../connection/failures.js';
import { ConnectionWatch } from '../connection/connection-watch.js';
import { dataversionIn, withDataversion } from '../connection/dataversion-header.js';
import { traceIn, withTrace } from '../connection/trace-headers.js';
import { requestStreamName } from '../streams/request-streams.js';
import { ANSWER_MS, eraseFrom, store } from './stored-messages.js';

/** One fetch of requests lasts this long (ms), so that a fetch that was lost is soon repeated. */
const ASK_MS = 5_000;

/** Pause after a failed fetch (ms). */
const RETRY_MS = 500;

/** The name of the consumer that the region's allocators share. */
const CONSUMER = 'allocators';

/** Number of unsettled requests that all allocators together may hold. */
const IN_HANDS_MAX = 10_000;

/** Published requests on a JetStream work queue. Only its subscriptions need to be closed. */
export class JetStreamRequestQueue extends RequestQueue {
  private readonly connection: NatsConnection;
  private readonly region: string;
  private readonly clock: Clock;
  private readonly fetching: Condition | undefined;
  /** How often the connection was lost. */
  private losses = 0;

  /**
   * Sends nothing to the server.
   *
   * @param logger told when requests cannot be fetched, and when they can be again
   * @param isErased whether settled requests are overwritten in the store's file: otherwise they stay
   * readable there until the file is full and removed
   */
  constructor(
    connection: NatsConnection,
    region: string,
    clock: Clock,
    logger?: ConditionLog,
    private readonly isErased = false,
  ) {
    super();
    this.connection = connection;
    this.region = region;
    this.clock = clock;
    this.fetching = logger && new Condition(logger, clock, { ...UNFETCHED, fields: { region } });
    ConnectionWatch.of(connection).on('lost', () => (this.losses += 1));
  }

  async publish(allocationId: string, body: Uint8Array): Promise<void> {
    const withHeaders = withDataversion(DATAVERSION);
    withHeaders.append('Nats-Msg-Id', allocationId);
    const subject = endpoints.request.subject.of({ region: this.region });
    try {
      await store(this.connection, subject, body, withTrace(withHeaders));
    } catch (error) {
      // By the same code the server says that the queue itself has reached its limit.
      const isLimit = error instanceof CannotStore && error.fault === 'write-failed';
      throw isLimit && error.cause instanceof LogRefused ? error.cause : error;
    }
  }

  async consume(
    receive: (request: QueuedRequest) => void,
    inHandsMax: number,
  ): Promise<Subscription> {
    const consumer = await this.consumer();
    const hands = new Hands(inHandsMax);
    let isClosed = false;
    void this.pump(consumer, receive, hands, () => isClosed);
    return {
      close: () => {
        isClosed = true;
        hands.empty();
      },
    };
  }

  private async consumer(): Promise<Consumer> {
    const stream = requestStreamName(this.region);
    const manager = await jetstreamManager(this.connection, { checkAPI: false });
    const config = {
      durable_name: CONSUMER,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: nanos(QUEUE_PATIENCE_MS),
      // Allocators set aside a request that cannot be served, with the reason; no request just
      // stops being delivered.
      max_deliver: -1,
      max_ack_pending: IN_HANDS_MAX,
    };
    await reach(manager.consumers.add(stream, config));
    return reach(jetstream(this.connection).consumers.get(stream, CONSUMER));
  }

  private async pump(
    consumer: Consumer,
    receive: (request: QueuedRequest) => void,
    hands: Hands,
    isClosed: () => boolean,
  ): Promise<void> {
    while (!isClosed() && !this.connection.isClosed()) {
      try {
        await hands.free();
        if (isClosed()) return;
        const asked = await consumer.fetch({ max_messages: hands.left, expires: ASK_MS });
        for await (const message of asked) {
          if (isClosed()) message.nak();
          else receive(this.queuedRequest(message, hands));
        }
        this.fetching?.pass();
      } catch (error) {
        if (isClosed() || this.connection.isClosed()) return;
        this.fetching?.fail(errorMessage(error));
        await this.clock.sleep(RETRY_MS);
      }
    }
  }

  private queuedRequest(message: JsMsg, hands: Hands): QueuedRequest {
    const stream = requestStreamName(this.region);
    const { losses } = this;
    /** After a loss, a queue that went back may have another request under this number. */
    const isSame = () => losses === this.losses;
    hands.take();
    let isOpen = true;
    const settle = () => {
      if (isOpen) hands.give();
      isOpen = false;
    };
    return {
      body: message.data,
      carried: traceIn(message),
      dataversion: dataversionIn(message),
      publishedAt: Math.floor(message.info.timestampNanos / 1_000_000),
      delivery: message.info.deliveryCount,
      done: async () => {
        settle();
        if (!isSame()) throw new TransientError(LOST);
        if (this.isErased) await eraseFrom(this.connection, stream, message.info.streamSequence);
        if (!(await reach(message.ackAck({ timeout: ANSWER_MS })))) {
          throw new TransientError('the request could not be acknowledged');
        }
      },
      later: (delayMs) => {
        settle();
        if (isSame()) message.nak(delayMs);
      },
      stillAt: () => {
        if (isSame()) message.working();
      },
    };
  }
}

const LOST =
  'the connection was lost since the request came: it is delivered again, and settled then';

const UNFETCHED = {
  begins: 'published requests cannot be read from their queue',
  ends: 'published requests are read from their queue again',
};

/** Counts the requests that one allocator holds and has not settled. */
class Hands {
  private full = 0;
  private wake: (() => void) | undefined;

  constructor(readonly max: number) {}

  get left(): number {
    return this.max - this.full;
  }

  take(): void {
    this.full += 1;
  }

  give(): void {
    this.full -= 1;
    this.wake?.();
  }

  empty(): void {
    this.wake?.();
  }

  /** Resolves when there is room for one more. */
  async free(): Promise<void> {
    if (this.left > 0) return;
    await new Promise<void>((resolve) => (this.wake = resolve));
  }
}

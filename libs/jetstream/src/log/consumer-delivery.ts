import { TransientError, type Cancel } from '#kernel';
import { AckPolicy } from '@nats-io/jetstream';
import { nanos, nuid, type Msg, type Subscription } from '@nats-io/transport-node';
import { ConnectionWatch } from '../connection/connection-watch.js';
import { failureOf, reach } from '../connection/failures.js';
import {
  AHEAD_MAX,
  HEARTBEAT_MS,
  newInbox,
  type Delivered,
  type Delivery,
  type DeliverySink,
  type DeliveryStart,
  type StreamAccess,
} from './delivery.js';
import { headersOf } from './headers.js';

/**
 * The server removes a consumer that was not used for this long (ms); `close` removes it at once.
 */
const INACTIVE_MS = 60_000;
const REQUEST_MS = 30_000;

/**
 * One consumer of our own that is read once, in order: an ordered consumer of nats.js without its
 * recovery. That recovery waits 30 s for a consumer that is gone (nats.js 3.4, consumer.js,
 * `resetPendingWithInfo`); here the sink is told of the failure and opens the next delivery.
 */
export class ConsumerDelivery implements Delivery {
  private readonly access: StreamAccess;
  private readonly name: string;
  private readonly sink: DeliverySink;
  private readonly inbox: string;
  private readonly nextSubject: string;
  private readonly subscription: Subscription;
  private readonly watch: ConnectionWatch;
  private readonly unwatch: Cancel;
  /** Number of messages requested and not yet delivered. */
  private asked = 0;
  /** Number of messages processed and not yet requested again. */
  private room = AHEAD_MAX;
  private delivered = 0;
  private closed = false;

  /**
   * @throws {TransientError} JetStream does not answer.
   * @throws {LogRefused | NotPermitted} JetStream does not permit reading.
   */
  static async open(
    access: StreamAccess,
    start: DeliveryStart,
    sink: DeliverySink,
  ): Promise<ConsumerDelivery> {
    const name = nuid.next();
    await reach(
      access.manager.consumers.add(access.stream, {
        ...start,
        name,
        ack_policy: AckPolicy.None,
        // The consumer is of no use after this process ends: it needs no disk and no copies.
        mem_storage: true,
        num_replicas: 1,
        inactive_threshold: nanos(INACTIVE_MS),
      }),
    );
    return new ConsumerDelivery(access, name, sink);
  }

  private constructor(access: StreamAccess, name: string, sink: DeliverySink) {
    this.access = access;
    this.name = name;
    this.sink = sink;
    this.inbox = newInbox(access);
    this.nextSubject = `$JS.API.CONSUMER.MSG.NEXT.${access.stream}.${name}`;
    this.watch = ConnectionWatch.of(access.connection);
    this.unwatch = this.watch.on('refused', (refusal) => {
      if (refusal.subject === this.nextSubject) this.fail(refusal);
    });
    this.subscription = access.connection.subscribe(this.inbox, {
      callback: (error, message) => this.take(error, message),
    });
    this.ask();
  }

  grant(count: number): void {
    this.room += count;
    if (this.room >= AHEAD_MAX / 2) this.ask();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.unwatch();
    this.subscription.unsubscribe();
    const { connection, manager, stream } = this.access;
    if (connection.isClosed() || connection.isDraining()) return;
    // If this fails, the server removes the consumer when it has been inactive for long enough.
    manager.consumers.delete(stream, this.name).catch(() => undefined);
  }

  private ask(): void {
    const { connection } = this.access;
    const batch = this.room;
    this.asked += batch;
    this.room = 0;
    const request = {
      batch,
      expires: nanos(REQUEST_MS),
      idle_heartbeat: nanos(HEARTBEAT_MS),
    };
    try {
      connection.publish(this.nextSubject, JSON.stringify(request), { reply: this.inbox });
    } catch (error) {
      this.fail(failureOf(error));
    }
  }

  private take(error: Error | null, message: Msg): void {
    if (this.closed) return;
    if (error !== null) return this.fail(failureOf(this.watch.refusalIn(error) ?? error));
    // Status messages have the inbox as their subject; stored messages keep their own.
    if (message.subject === this.inbox) return this.status(message);
    const delivered = readReply(message);
    if (delivered === undefined) return;
    this.delivered += 1;
    if (delivered.order !== this.delivered) {
      return this.fail(new TransientError('a message was lost on the way from JetStream'));
    }
    this.asked -= 1;
    this.sink.message(delivered);
  }

  private status(message: Msg): void {
    const code = message.headers?.code ?? 0;
    if (code === 100) return this.sink.heartbeat();
    if (code !== 408) {
      return this.fail(new TransientError(`JetStream ended the delivery with status ${code}`));
    }
    // A request has expired with this many of its messages undelivered.
    const left = Number(message.headers?.get('Nats-Pending-Messages') ?? 0);
    this.asked -= left;
    this.grant(left);
    if (this.asked <= 0 && this.room > 0) this.ask();
  }

  private fail(trouble: Error): void {
    this.close();
    this.sink.failed(trouble);
  }
}

/**
 * Reads a message's place from its reply subject:
 * `$JS.ACK.<stream>.<consumer>.<deliveries>.<sequence>. <order>.<time>.<pending>`, or with
 * `<domain>.<account>` before the stream and one more token at the end.
 */
function readReply(message: Msg): (Delivered & { readonly order: number }) | undefined {
  const reply = message.reply ?? '';
  let tokens = 1;
  for (let dot = reply.indexOf('.'); dot >= 0; dot = reply.indexOf('.', dot + 1)) tokens += 1;
  if (tokens < 9 || tokens === 10) return undefined;
  let from = 0;
  for (let passed = tokens === 9 ? 5 : 7; passed > 0; passed -= 1) {
    from = reply.indexOf('.', from) + 1;
  }
  const middle = reply.indexOf('.', from);
  const body = message.data;
  return {
    subject: message.subject,
    body,
    headers: () => headersOf(body, message),
    sequence: Number(reply.slice(from, middle)),
    order: Number(reply.slice(middle + 1, reply.indexOf('.', middle + 1))),
  };
}

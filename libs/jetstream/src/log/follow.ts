import {
  NotPermitted,
  OwnAppends,
  readItem,
  type Cancel,
  type Codec,
  type LogRecord,
  type LogConsumer,
  type LogSubscription,
} from '#kernel';
import { DeliverPolicy } from '@nats-io/jetstream';
import type { Delivered, Delivery, DeliverySink, StreamAccess } from './delivery.js';
import { openDelivery } from './open-delivery.js';
import type { Stored } from './direct.js';
import { LogIdentity, LogWentBack } from './log-identity.js';
import { keepTrying, RETRY_MS, SILENCE_MS } from '../connection/retry.js';
import type { ConnectionWatch } from '../connection/connection-watch.js';

const CHECK_MS = 250;
/**
 * How often the reader checks that the log is still the one it has read (ms). A consumer is gone with
 * its stream; a direct get may be answered by another log as if nothing had happened.
 */
const COMPARE_MS = { byConsumer: 30_000, directly: 5_000 };
/**
 * The delivery is suspended if at least so many own appends, and nothing else, were stored since the
 * last check: 200 a second.
 */
const OWN_MIN = 50;

/**
 * Follows a stream for ever: after a broken delivery, a reconnect, or a silence of 1.5 s (three
 * heartbeats) it opens a new delivery at the next sequence. Repeated messages are dropped. A gap in
 * the sequences is no error: the stream's limits remove old messages. It continues only in the log
 * that it has read: if that log went back, it reports `LogWentBack` and ends.
 *
 * While this process stores many events and nobody else any, the delivery is suspended: the answers
 * to its own appends say all that it would bring (ADR 0056).
 */
export class StreamFollowing<F extends LogRecord> implements LogSubscription, DeliverySink {
  private readonly access: StreamAccess;
  private readonly codec: Codec<F>;
  private readonly follower: LogConsumer<F>;
  private readonly onError: (error: unknown) => void;
  private readonly identity: LogIdentity;
  private delivery: Delivery | undefined;
  /** While these suffice there is no delivery. */
  private readonly own: OwnAppends;
  /** Own appends whose answers came in this turn of the event loop. */
  private readonly acknowledged: Stored[] = [];
  private reached: number;
  private heardAt: number;
  private silentSince: number;
  private checkedAt: number;
  private readonly waiting: Delivered[] = [];
  private openedAt = 0;
  private opening = false;
  /** The stream may be another log by now: no message is accepted until it is opened anew. */
  private suspect = false;
  private compared = false;
  private closed = false;
  /** It is told once that this is not permitted, although each new delivery fails. */
  private isRefused = false;
  private stop: readonly Cancel[] = [];

  constructor(
    access: StreamAccess,
    codec: Codec<F>,
    after: number,
    follower: LogConsumer<F>,
    onError: (error: unknown) => void,
    private readonly onClose: () => void,
  ) {
    this.access = access;
    this.codec = codec;
    this.reached = after;
    this.follower = follower;
    this.onError = onError;
    this.identity = new LogIdentity(access, after);
    this.own = new OwnAppends(access.clock, () => this.resume());
    this.heardAt = this.silentSince = this.checkedAt = access.clock.now();
  }

  get sequence(): number {
    return this.reached;
  }

  get silentMs(): number {
    return this.access.clock.now() - this.heardAt;
  }

  /** Whether the stream is known to be the log that was read; false from the loss of a connection on. */
  get isSameLog(): boolean {
    return this.compared;
  }

  /**
   * A record that this process has stored, or has read otherwise. What is decided from it holds only
   * in the log that has it, so it is compared as well.
   */
  note(stored: Stored): void {
    this.identity.note(stored);
  }

  /**
   * A record that this process has stored. Counts one turn of the event loop later: by then whoever
   * appended it has taken it.
   */
  appended(stored: Stored): void {
    this.note(stored);
    this.acknowledged.push(stored);
    if (this.acknowledged.length === 1) setImmediate(() => this.takeOwn());
  }

  private takeOwn(): void {
    for (const { subject, sequence } of this.acknowledged.splice(0)) {
      if (this.follower.has?.(subject, sequence) === true) this.own.stored(sequence);
    }
    if (!this.own.suffice) return;
    if (this.own.hasGapAfter(this.reached)) return this.resume();
    this.reached = this.own.reachFrom(this.reached);
    this.heartbeat();
  }

  private suspend(): void {
    this.delivery?.close();
    this.delivery = undefined;
    this.reached = this.own.reachFrom(this.reached);
    this.own.begin();
  }

  private resume(): void {
    this.own.end();
    void this.renew();
  }

  private get compareMs(): number {
    return this.access.consumers ? COMPARE_MS.byConsumer : COMPARE_MS.directly;
  }

  /** Throws if the first delivery cannot be opened; later ones are retried for ever. */
  async start(link: ConnectionWatch): Promise<this> {
    await this.open();
    this.stop = [
      this.access.clock.every(CHECK_MS, () => this.check()),
      this.access.clock.every(this.compareMs, () => void this.compare()),
      link.on('lost', () => this.doubt()),
      link.on('back', () => void this.reopen()),
    ];
    return this;
  }

  close(): void {
    this.end();
    this.onClose();
  }

  private end(): void {
    this.closed = true;
    this.own.end();
    for (const stop of this.stop) stop();
    this.delivery?.close();
  }

  /**
   * Passes messages on one turn of the event loop later: by then the answers to this process's own
   * appends have been read, and the consumer has most of its own events already.
   */
  message(message: Delivered): void {
    if (this.suspect) return;
    this.heartbeat();
    this.delivery?.grant(1);
    this.waiting.push(message);
    if (this.waiting.length > 1) return;
    setImmediate(() => {
      for (const waiting of this.waiting.splice(0)) this.take(waiting);
    });
  }

  private take(message: Delivered): void {
    const { subject, sequence, body } = message;
    if (this.closed || sequence <= this.reached) return;
    this.reached = sequence;
    this.identity.note(message);
    if (this.follower.has?.(subject, sequence) === true) return;
    try {
      this.follower.receive(readItem(this.codec, subject, sequence, body));
    } catch (error) {
      this.onError(error);
    }
  }

  heartbeat(): void {
    if (!this.suspect) this.heardAt = this.silentSince = this.access.clock.now();
  }

  failed(trouble: Error): void {
    if (trouble instanceof NotPermitted && !this.isRefused) {
      this.isRefused = true;
      this.onError(trouble);
    }
    void this.reopen();
  }

  private check(): void {
    const { clock, connection } = this.access;
    if (connection.isClosed()) return this.close();
    const now = clock.now();
    // If this process itself was held up, what came meanwhile is still in the socket: that is no
    // silence.
    if (now - this.checkedAt > 2 * CHECK_MS) this.silentSince = now;
    this.checkedAt = now;
    if (this.opening || this.own.suffice) return;
    if (now - this.silentSince > SILENCE_MS) return void this.reopen();
    const isOwn = this.own.takeFresh() >= OWN_MIN && !this.own.hasGapAfter(this.reached);
    if (isOwn && now - this.openedAt > RETRY_MS) this.suspend();
  }

  private async compare(): Promise<void> {
    try {
      if (!this.opening) await this.identity.compare();
    } catch (error) {
      // `reopen` compares again and ends the subscription. Without an answer it is compared again
      // later.
      if (error instanceof LogWentBack) void this.reopen();
    }
  }

  private doubt(): void {
    this.own.end();
    this.suspect = true;
    this.compared = false;
  }

  private async reopen(): Promise<void> {
    this.doubt();
    await this.renew();
  }

  private async renew(): Promise<void> {
    if (this.opening) return;
    this.opening = true;
    const { clock } = this.access;
    const isWanted = () => !this.closed;
    // The connection may be lost and come back once more while the delivery is being opened.
    do {
      // A delivery that breaks as soon as it is opened must not be replaced in a tight loop.
      if (clock.now() - this.openedAt < RETRY_MS) await clock.sleep(RETRY_MS);
      await keepTrying(() => this.openOrEnd(), clock, isWanted, this.onError);
    } while (this.suspect && isWanted());
    this.opening = false;
  }

  private async openOrEnd(): Promise<void> {
    try {
      await this.open();
    } catch (error) {
      if (!(error instanceof LogWentBack)) {
        this.doubt();
        throw error;
      }
      if (this.closed) return;
      this.end();
      this.onError(error);
    }
  }

  private async compareFirst(): Promise<void> {
    this.suspect = false;
    await this.identity.compare();
    // The connection may have been lost while the answers were on their way.
    this.compared = !this.suspect;
  }

  private async open(): Promise<void> {
    this.delivery?.close();
    this.delivery = undefined;
    if (!this.compared) await this.compareFirst();
    const start = {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: this.reached + 1,
    };
    const delivery = await openDelivery(this.access, start, this);
    this.heartbeat();
    this.openedAt = this.heardAt;
    if (this.closed) delivery.close();
    else this.delivery = delivery;
  }
}

import {
  readItem,
  type Cancel,
  type Codec,
  type LogRecord,
  type LogConsumer,
  type LogSubscription,
} from '#kernel';
import { DeliverPolicy } from '@nats-io/jetstream';
import { Delivery, type Delivered, type DeliverySink, type StreamAccess } from './delivery.js';
import { reach } from '../connection/failures.js';
import { keepTrying, RETRY_MS, SILENCE_MS } from '../connection/retry.js';
import type { ConnectionWatch } from '../connection/connection-watch.js';

const CHECK_MS = 250;

/**
 * The log ends before what was read from it: it was made anew, or lost its tail to a power cut.
 * What was decided on the lost part cannot be mended by reading on.
 */
export class LogWentBack extends Error {
  override readonly name = 'LogWentBack';

  constructor(
    readonly sequenceRead: number,
    readonly sequenceLast: number,
  ) {
    super(`the log was read up to ${sequenceRead} and ends at ${sequenceLast}`);
  }
}

/**
 * Follows a stream for ever: a delivery that breaks, a reconnect, or a silence of 1.5 s (three
 * heartbeats) leads to a new delivery at the next sequence. What comes twice is dropped. A gap in
 * the sequences is no error: the stream's limits remove old messages.
 */
export class StreamFollowing<F extends LogRecord> implements LogSubscription, DeliverySink {
  readonly #access: StreamAccess;
  readonly #codec: Codec<F>;
  readonly #follower: LogConsumer<F>;
  readonly #onError: (error: unknown) => void;
  #delivery: Delivery | undefined;
  #sequence: number;
  #heardAt: number;
  #silentSince: number;
  #checkedAt: number;
  readonly #waiting: Delivered[] = [];
  #openedAt = 0;
  #opening = false;
  #closed = false;
  #stop: readonly Cancel[] = [];

  constructor(
    access: StreamAccess,
    codec: Codec<F>,
    after: number,
    follower: LogConsumer<F>,
    onError: (error: unknown) => void,
  ) {
    this.#access = access;
    this.#codec = codec;
    this.#sequence = after;
    this.#follower = follower;
    this.#onError = onError;
    this.#heardAt = this.#silentSince = this.#checkedAt = access.clock.now();
  }

  get sequence(): number {
    return this.#sequence;
  }

  get silentMs(): number {
    return this.#access.clock.now() - this.#heardAt;
  }

  /** Throws where the first delivery cannot be opened; later ones are tried again for ever. */
  async start(link: ConnectionWatch): Promise<this> {
    await this.#open();
    this.#stop = [
      this.#access.clock.every(CHECK_MS, () => this.#check()),
      link.on('back', () => void this.#reopen()),
    ];
    return this;
  }

  close(): void {
    this.#closed = true;
    for (const stop of this.#stop) stop();
    this.#delivery?.close();
  }

  /**
   * Taken a turn of the event loop later: by then the answers to this process's own appends have
   * been read, and the follower has most of what it wrote itself.
   */
  message(message: Delivered): void {
    this.heartbeat();
    this.#delivery?.grant(1);
    this.#waiting.push(message);
    if (this.#waiting.length > 1) return;
    setImmediate(() => {
      for (const waiting of this.#waiting.splice(0)) this.#take(waiting);
    });
  }

  #take({ subject, sequence, body }: Delivered): void {
    if (this.#closed || sequence <= this.#sequence) return;
    this.#sequence = sequence;
    if (this.#follower.has?.(subject, sequence) === true) return;
    try {
      this.#follower.receive(readItem(this.#codec, subject, sequence, body));
    } catch (error) {
      this.#onError(error);
    }
  }

  heartbeat(): void {
    this.#heardAt = this.#silentSince = this.#access.clock.now();
  }

  failed(): void {
    void this.#reopen();
  }

  #check(): void {
    const { clock, connection } = this.#access;
    if (connection.isClosed()) return this.close();
    const now = clock.now();
    // If this very process was held up, what came meanwhile is still in the socket: not a silence.
    if (now - this.#checkedAt > 2 * CHECK_MS) this.#silentSince = now;
    this.#checkedAt = now;
    if (now - this.#silentSince > SILENCE_MS) void this.#reopen();
  }

  async #reopen(): Promise<void> {
    if (this.#opening) return;
    this.#opening = true;
    const { clock } = this.#access;
    // A delivery that breaks as soon as it is opened must not be replaced in a tight loop.
    if (clock.now() - this.#openedAt < RETRY_MS) await clock.sleep(RETRY_MS);
    const isWanted = () => !this.#closed;
    await keepTrying(() => this.#open(), clock, isWanted, this.#onError);
    this.#opening = false;
  }

  async #open(): Promise<void> {
    this.#delivery?.close();
    this.#delivery = undefined;
    const { manager, stream } = this.#access;
    const { state } = await reach(manager.streams.info(stream));
    if (state.last_seq < this.#sequence) throw new LogWentBack(this.#sequence, state.last_seq);
    const start = {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: this.#sequence + 1,
    };
    const delivery = await Delivery.open(this.#access, start, this);
    this.heartbeat();
    this.#openedAt = this.#heardAt;
    if (this.#closed) delivery.close();
    else this.#delivery = delivery;
  }
}

import { TransientError } from '#kernel';
import {
  AHEAD_MAX,
  HEARTBEAT_MS,
  type Delivered,
  type Delivery,
  type DeliverySink,
  type DeliveryStart,
  type StreamAccess,
} from './delivery.js';
import { askForMany } from './many.js';

/** Pause at the end of the stream before it is asked for more (ms). */
const ASK_AGAIN_MS = 50;
const BATCH_BYTES_MAX = 8 * 1024 * 1024;
/**
 * Messages that are asked for at first, and by what factor more each time: many readers want a few
 * messages only, and the server sends a batch to its end, whether or not somebody still reads it.
 */
const FIRST_BATCH = 32;
const BATCH_GROWTH = 4;

/**
 * Reads a stream by one direct get after another. Unlike a consumer, which delivers to whatever
 * subject its maker names, it leaves the right to nothing but reading, and it works from an account
 * that does not have the stream (ADR 0064).
 */
export class DirectDelivery implements Delivery {
  private room = AHEAD_MAX;
  private batch = FIRST_BATCH;
  /** Sequence of the last message; 0: none came yet. */
  private reached = 0;
  private closed = false;
  private granted: () => void = () => undefined;
  private beatAt: number;

  constructor(
    private readonly access: StreamAccess,
    private readonly start: DeliveryStart,
    private readonly sink: DeliverySink,
  ) {
    this.beatAt = access.clock.now();
    void this.run();
  }

  grant(count: number): void {
    this.room += count;
    if (this.room >= AHEAD_MAX / 2) this.granted();
  }

  close(): void {
    this.closed = true;
    this.granted();
  }

  private async run(): Promise<void> {
    const { clock } = this.access;
    try {
      while (!this.closed) {
        if (this.room < AHEAD_MAX / 2) await this.grants();
        else if (!(await this.ask())) await clock.sleep(ASK_AGAIN_MS);
      }
    } catch (error) {
      if (this.closed) return;
      this.closed = true;
      this.sink.failed(error as Error);
    }
  }

  private grants(): Promise<void> {
    return new Promise((resolve) => (this.granted = resolve));
  }

  /** Whether there are more messages to ask for. */
  private async ask(): Promise<boolean> {
    let before = 0;
    const end = await askForMany(this.access, this.request(), (message) => {
      if (message.before !== before) {
        throw new TransientError('a message was lost on the way from JetStream');
      }
      before = message.sequence;
      this.take(message);
    });
    if (end === 'more') {
      this.batch = Math.min(this.batch * BATCH_GROWTH, AHEAD_MAX);
      return true;
    }
    const now = this.access.clock.now();
    if (!this.closed && now - this.beatAt >= HEARTBEAT_MS) {
      this.beatAt = now;
      this.sink.heartbeat();
    }
    return false;
  }

  private take(message: Delivered): void {
    if (this.closed) return;
    this.room -= 1;
    this.reached = message.sequence;
    this.beatAt = this.access.clock.now();
    this.sink.message(message);
  }

  private request() {
    // Without a pattern, nats-server 2.11 finds nothing from the place of a removed message on.
    const { filter_subject = '>', opt_start_seq = 1, opt_start_time } = this.start;
    const isTimed = this.reached === 0 && opt_start_time !== undefined;
    return {
      ...(isTimed
        ? { start_time: opt_start_time }
        : { seq: Math.max(opt_start_seq, this.reached + 1) }),
      next_by_subj: filter_subject,
      batch: Math.min(this.batch, this.room),
      max_bytes: BATCH_BYTES_MAX,
    };
  }
}

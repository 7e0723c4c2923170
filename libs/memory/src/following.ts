import { matches } from '#wire';
import type { LogRecord, LogConsumer, LogSubscription, LogItem } from '#kernel';

/** What a subscription needs from its log. */
export interface Source<F extends LogRecord> {
  /** The first item after a sequence. */
  next(sequence: number): LogItem<F> | undefined;
  closed(following: MemoryFollowing<F>): void;
  failed(error: unknown): void;
}

/** One subscription to a log in memory: items arrive in a microtask, in order, each once. */
export class MemoryFollowing<F extends LogRecord> implements LogSubscription {
  private readonly source: Source<F>;
  private readonly filter: string;
  private readonly follower: LogConsumer<F>;
  private reached: number;
  private woken = false;
  private closed = false;

  constructor(source: Source<F>, after: number, filter: string, follower: LogConsumer<F>) {
    this.source = source;
    this.reached = after;
    this.filter = filter;
    this.follower = follower;
  }

  get sequence(): number {
    return this.reached;
  }

  /** A log in the same process is never silent. */
  get silentMs(): number {
    return 0;
  }

  /** The log now ends at this sequence; whatever is stored from now on is passed on. */
  goBack(last: number): void {
    this.reached = Math.min(this.reached, last);
  }

  /** Called when something may have been stored. */
  wake(): void {
    if (this.woken) return;
    this.woken = true;
    queueMicrotask(() => {
      this.woken = false;
      this.drain();
    });
  }

  /** Passes on one item unless the subscription is closed. */
  give(item: LogItem<F>): void {
    if (this.closed) return;
    try {
      this.follower.receive(item);
    } catch (error) {
      this.source.failed(error);
    }
  }

  close(): void {
    this.closed = true;
    this.source.closed(this);
  }

  private drain(): void {
    while (!this.closed) {
      const item = this.source.next(this.reached);
      if (item === undefined) return;
      this.reached = item.sequence;
      if (matches(this.filter, item.subject)) this.give(item);
    }
  }
}

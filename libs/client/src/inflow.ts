import { TransientError } from '#kernel';

/** If this many items are unread, the reader gets `FellBehind`. */
const UNREAD_MAX = 10_000;

/** Items came faster than they were read. */
export class FellBehind extends TransientError {
  override readonly name = 'FellBehind';
}

/** A buffer of items for one reader. It ends when the signal aborts. */
export class Inflow<T> implements AsyncIterable<T> {
  private readonly unread: T[] = [];
  private readonly endings: (() => void)[] = [];
  private failure: Error | undefined;
  private isOver = false;
  private wake = (): void => undefined;

  constructor(signal: AbortSignal) {
    if (signal.aborted) this.end();
    else signal.addEventListener('abort', () => this.end(), { once: true });
  }

  add(item: T): void {
    if (this.isOver) return;
    if (this.unread.length < UNREAD_MAX) this.unread.push(item);
    else this.end(new FellBehind(`${UNREAD_MAX} events wait to be read; watch again`));
    this.wake();
  }

  /** Ends the iteration after the items that were added before. */
  end(failure?: Error): void {
    if (this.isOver) return;
    this.isOver = true;
    this.failure = failure;
    for (const ending of this.endings) ending();
    this.wake();
  }

  onEnd(ending: () => void): void {
    if (this.isOver) ending();
    else this.endings.push(ending);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    try {
      for (;;) {
        const item = this.unread.shift();
        if (item !== undefined) yield item;
        else if (this.failure !== undefined) throw this.failure;
        else if (this.isOver) return;
        else await new Promise<void>((resolve) => (this.wake = resolve));
      }
    } finally {
      this.end();
    }
  }
}

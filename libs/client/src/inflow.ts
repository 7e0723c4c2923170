import { TransientError } from '#kernel';

/** Who reads so slowly that this many wait is told that some were lost. */
const UNREAD_MAX = 10_000;

/** More came than was read. */
export class FellBehind extends TransientError {
  override readonly name = 'FellBehind';
}

/** What comes by itself, to be read in turn; ends when the signal aborts. For one reader. */
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

  /** Ends the reading, once all that came before is read. */
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

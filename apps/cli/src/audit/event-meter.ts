import { SingleBar } from 'cli-progress';

/** Between two looks at the clock, in events or slots: looking costs more than what is looked at. */
const LOOK_EACH = 1_000;
/** What takes less shows nothing (ms). */
const QUIET_MS = 2_000;
/** Between two lines where there is no bar (ms). */
const LINE_MS = 5_000;

/** Shows how far a long reading has come, from its second second on. */
export interface EventMeter {
  begin(): void;
  /** @param done so many of `total` have been read */
  reach(done: number, total: number): void;
  end(): void;
}

/**
 * A bar where somebody looks on; a line now and then where the output is kept.
 *
 * @param what is counted: `events`
 */
export function eventMeterOn(stream: NodeJS.WriteStream, what = 'events'): EventMeter {
  return new Meter(stream.isTTY ? new Bar(stream, what) : new Lines(stream, what));
}

interface Display {
  show(done: number, total: number): void;
  end(): void;
}

class Meter implements EventMeter {
  private seen = 0;
  private startedAt = 0;

  constructor(private readonly display: Display) {}

  begin(): void {
    this.seen = 0;
    this.startedAt = performance.now();
  }

  reach(done: number, total: number): void {
    if (done - this.seen < LOOK_EACH) return;
    this.seen = done;
    if (performance.now() - this.startedAt >= QUIET_MS) this.display.show(done, total);
  }

  end(): void {
    this.display.end();
  }
}

class Bar implements Display {
  private bar: SingleBar | undefined;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly what: string,
  ) {}

  show(done: number, total: number): void {
    this.bar ??= this.started(total);
    this.bar.update(done);
  }

  end(): void {
    this.bar?.stop();
    this.bar = undefined;
  }

  private started(total: number): SingleBar {
    const { stream, what } = this;
    const format = `{bar} {percentage}% {value} of {total} ${what}, {eta_formatted} left`;
    const bar = new SingleBar({ format, stream, hideCursor: true, clearOnComplete: true });
    bar.start(Math.max(total, 1), 0);
    return bar;
  }
}

class Lines implements Display {
  private toldAt = -Infinity;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly what: string,
  ) {}

  show(done: number, total: number): void {
    if (performance.now() - this.toldAt < LINE_MS) return;
    this.toldAt = performance.now();
    this.stream.write(`${done} of ${total} ${this.what}\n`);
  }

  end(): void {
    this.toldAt = -Infinity;
  }
}

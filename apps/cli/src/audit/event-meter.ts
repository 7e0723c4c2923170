import { SingleBar } from 'cli-progress';

/** Between two looks at the clock, in events: looking costs more than what is looked at. */
const LOOK_EVENTS = 2_000;
/** Between two lines where there is no bar (ms). */
const LINE_MS = 5_000;

/** Shows how far the reading of events has come. */
export interface EventMeter {
  begin(events: number): void;
  /** @param done so many have been read */
  reach(done: number): void;
  end(): void;
}

/** A bar where somebody looks on; a line now and then where the output is kept. */
export function eventMeterOn(stream: NodeJS.WriteStream): EventMeter {
  return stream.isTTY ? new BarMeter(stream) : new LineMeter((line) => stream.write(`${line}\n`));
}

class BarMeter implements EventMeter {
  private bar: SingleBar | undefined;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  begin(events: number): void {
    const { stream } = this;
    const format = '{bar} {percentage}% {value} of {total} events, {eta_formatted} left';
    this.bar = new SingleBar({ format, stream, hideCursor: true, clearOnComplete: true });
    this.bar.start(Math.max(events, 1), 0);
  }

  reach(done: number): void {
    if (done % LOOK_EVENTS === 0) this.bar?.update(done);
  }

  end(): void {
    this.bar?.stop();
    this.bar = undefined;
  }
}

class LineMeter implements EventMeter {
  private events = 0;
  private toldAt = 0;

  constructor(private readonly write: (line: string) => void) {}

  begin(events: number): void {
    this.events = events;
    this.toldAt = performance.now();
  }

  reach(done: number): void {
    if (done % LOOK_EVENTS !== 0 || performance.now() - this.toldAt < LINE_MS) return;
    this.toldAt = performance.now();
    this.write(`${done} of ${this.events} events`);
  }

  end(): void {
    this.events = 0;
  }
}

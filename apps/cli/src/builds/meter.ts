import { SingleBar } from 'cli-progress';

const MIB = 1024 * 1024;

/** Between two lines where there is no bar, in bytes of a hundred. */
const STEP_PERCENT = 10;

/** Shows how far something has come, in bytes. */
export interface Meter {
  begin(doing: string, bytes: number): void;
  add(bytes: number): void;
  end(): void;
}

/** A bar where somebody looks on; a line now and then where the output is kept. */
export function meterOn(stream: NodeJS.WriteStream): Meter {
  return stream.isTTY ? new BarMeter(stream) : new LineMeter((line) => stream.write(`${line}\n`));
}

class BarMeter implements Meter {
  private bar: SingleBar | undefined;
  private bytes = 0;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  begin(doing: string, bytes: number): void {
    this.end();
    const { stream } = this;
    const format = `${doing} {bar} {percentage}% {done} of {all} MiB, {eta_formatted} left`;
    this.bar = new SingleBar({ format, stream, hideCursor: true, clearOnComplete: false });
    this.bytes = 0;
    this.bar.start(Math.max(bytes, 1), 0, { done: '0.0', all: inMib(bytes) });
  }

  add(bytes: number): void {
    this.bytes += bytes;
    this.bar?.update(this.bytes, { done: inMib(this.bytes) });
  }

  end(): void {
    this.bar?.stop();
    this.bar = undefined;
  }
}

/** Tells each tenth. */
export class LineMeter implements Meter {
  private doing = '';
  private all = 0;
  private bytes = 0;
  private told = 0;

  constructor(private readonly write: (line: string) => void) {}

  begin(doing: string, bytes: number): void {
    this.doing = doing;
    this.all = bytes;
    this.bytes = this.told = 0;
    this.write(`${doing} ${inMib(bytes)} MiB`);
  }

  add(bytes: number): void {
    this.bytes += bytes;
    const percent = Math.floor((100 * this.bytes) / this.all);
    if (percent < this.told + STEP_PERCENT) return;
    this.told = percent - (percent % STEP_PERCENT);
    this.write(`${this.doing} ${this.told}%`);
  }

  end(): void {
    this.all = 0;
  }
}

function inMib(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}

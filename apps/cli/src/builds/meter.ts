import { SingleBar } from 'cli-progress';

const MIB = 1024 * 1024;

/** Leaves room in 80 columns for terabytes and hours beside it. */
const BAR_COLUMNS = 20;

/** Step between two printed lines, in percent of the bytes. */
const STEP_PERCENT = 10;

/** Shows progress in bytes. */
export interface Meter {
  begin(doing: string, bytes: number): void;
  add(bytes: number): void;
  end(): void;
}

/** A progress bar on a terminal; otherwise one line for each tenth. */
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
    this.bar = new SingleBar({ format, stream, barsize: BAR_COLUMNS, hideCursor: true });
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

/** Prints a line for each tenth of the bytes. */
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

import { notReady } from '../../http/problems.js';

/** So many histories are read at the same time: each keeps a processor busy. */
const RUNNING_MAX = 2;
const WAITING_MAX = 32;

/** Lets few questions read long histories at once; the others wait for their turn. */
export class Scans {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  /** Throws a `Problem` if too many wait already. */
  async run<Result>(scan: () => Promise<Result>): Promise<Result> {
    if (this.running >= RUNNING_MAX) {
      if (this.waiting.length >= WAITING_MAX) throw notReady('too many read the history already');
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else this.running += 1;
    try {
      return await scan();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}

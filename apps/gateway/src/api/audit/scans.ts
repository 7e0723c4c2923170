import type { Clock } from '#kernel';
import { notReady } from '../../http/problems.js';

/** So many histories are read at the same time: each keeps a processor busy. */
const RUNNING_MAX = 2;
const WAITING_MAX = 32;

/** How long a question waits for its turn (ms); longer than its requester does. */
const TURN_MS = 60_000;

/** Lets few questions read long histories at once; the others wait for their turn. */
export class Scans {
  private running = 0;
  private readonly waiting = new Set<() => void>();

  constructor(private readonly clock: Clock) {}

  /** Throws a `Problem` if too many wait already, or if its turn does not come. */
  async run<Result>(scan: () => Promise<Result>): Promise<Result> {
    if (this.running >= RUNNING_MAX) await this.turn();
    else this.running += 1;
    try {
      return await scan();
    } finally {
      const [next] = this.waiting;
      if (next === undefined) this.running -= 1;
      else next();
    }
  }

  /** Resolves when another question hands its place on. */
  private turn(): Promise<void> {
    if (this.waiting.size >= WAITING_MAX) throw notReady('too many read the history already');
    return new Promise((resolve, reject) => {
      const goOn = () => {
        cancel();
        this.waiting.delete(goOn);
        resolve();
      };
      const cancel = this.clock.after(TURN_MS, () => {
        this.waiting.delete(goOn);
        reject(notReady('others have read the history for too long'));
      });
      this.waiting.add(goOn);
    });
  }
}

import type { Cancel, Random } from '#kernel';
import type { Timeline } from './timeline.js';

/** Most ways are short, some are long (ms). */
export function someLatency(random: Random): number {
  const fraction = random.fraction();
  return 0.1 + 2 * fraction + (fraction > 0.97 ? 60 * random.fraction() : 0);
}

/**
 * One life of a process. All that reaches it from the world, and all that it does to the world,
 * passes through here; so that once it is dead, nothing ever comes back to it, and whatever it still
 * does is done to nobody. That is how a process is killed at any await.
 */
export class Life {
  private isOver = false;
  private thawsAt = 0;
  private readonly endings: (() => void)[] = [];

  constructor(
    readonly name: string,
    private readonly timeline: Timeline,
    private readonly latency: Random,
    /** Is told of every touch, and may end this life there. */
    private readonly touched: () => 'unharmed' | 'before' | 'after',
    private readonly perish: () => void,
  ) {}

  get isAlive(): boolean {
    return !this.isOver;
  }

  /** Runs `action` within the process; later where it is frozen, never where it is dead. */
  after(delayMs: number, action: () => void): Cancel {
    let cancel = this.timeline.after(delayMs, () => {
      if (this.isOver) return;
      const leftMs = this.thawsAt - this.timeline.now();
      if (leftMs <= 0) action();
      else cancel = this.after(leftMs, action);
    });
    return () => cancel();
  }

  /** Whether what the process is about to do to the world is done. */
  touch(): boolean {
    if (this.isOver) return false;
    const blow = this.touched();
    if (blow === 'before') this.perish();
    if (blow === 'after') this.timeline.after(0, this.perish);
    return blow !== 'before';
  }

  /** Asks the world; its answer, like the question, takes its time. Both may be too late. */
  call<T>(effect: () => T | Promise<T>, backMs = someLatency(this.latency)): Promise<T> {
    if (!this.touch()) return new Promise(() => undefined);
    return new Promise((resolve, reject) => {
      this.timeline.after(someLatency(this.latency), () => {
        attempt(effect).then(
          (value) => this.after(backMs, () => resolve(value)),
          (error: Error) => this.after(backMs, () => reject(error)),
        );
      });
    });
  }

  /** Does something at once, as to a disk, and hears of it a little later. */
  act<T>(effect: () => T): Promise<T> {
    if (!this.touch()) return new Promise(() => undefined);
    const value = effect();
    return new Promise((resolve) => void this.after(0.05, () => resolve(value)));
  }

  freeze(forMs: number): void {
    this.thawsAt = Math.max(this.thawsAt, this.timeline.now() + forMs);
  }

  onEnd(action: () => void): void {
    this.endings.push(action);
  }

  end(): void {
    this.isOver = true;
    for (const ending of this.endings) ending();
  }
}

async function attempt<T>(effect: () => T | Promise<T>): Promise<T> {
  return effect();
}

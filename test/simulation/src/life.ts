import type { Cancel, Random } from '#kernel';
import type { Timeline } from './timeline.js';

/** Most delays are short, some are long (ms). */
export function someLatency(random: Random): number {
  const fraction = random.fraction();
  return 0.1 + 2 * fraction + (fraction > 0.97 ? 60 * random.fraction() : 0);
}

/**
 * One life of a process. Everything that reaches the process from the world, or goes from it to the
 * world, passes through here. Once it is dead, nothing reaches it, and nothing it still does has
 * any effect. This is how a process can be killed at any await.
 */
export class Life {
  private isOver = false;
  private thawsAt = 0;
  private readonly endings: (() => void)[] = [];

  constructor(
    readonly name: string,
    private readonly timeline: Timeline,
    private readonly latency: Random,
    /** Called with every touch of the world; may end this life. */
    private readonly touched: () => 'unharmed' | 'before' | 'after',
    private readonly perish: () => void,
  ) {}

  get isAlive(): boolean {
    return !this.isOver;
  }

  /** Runs `action` within the process: later if the process is frozen, never if it is dead. */
  after(delayMs: number, action: () => void): Cancel {
    let cancel = this.timeline.after(delayMs, () => {
      if (this.isOver) return;
      const leftMs = this.thawsAt - this.timeline.now();
      if (leftMs <= 0) action();
      else cancel = this.after(leftMs, action);
    });
    return () => cancel();
  }

  /** The process ends by itself. */
  die(): void {
    this.perish();
  }

  /** Whether the process's next effect on the world takes place. */
  touch(): boolean {
    if (this.isOver) return false;
    const blow = this.touched();
    if (blow === 'before') this.perish();
    if (blow === 'after') this.timeline.after(0, this.perish);
    return blow !== 'before';
  }

  /** Calls the world; question and answer take their time, and may come too late. */
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

  /** Has an effect at once, like a write to a disk; the process learns of it a little later. */
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

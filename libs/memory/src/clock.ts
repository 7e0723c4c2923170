import { Clock, type Cancel } from '#kernel';

interface Timer {
  readonly at: number;
  readonly action: () => void;
}

/** Time that passes only by `advance`. Starts at 1 January 2030 by default. */
export class ManualClock extends Clock {
  private time: number;
  private readonly timers = new Set<Timer>();

  constructor(startAt = Date.UTC(2030, 0, 1)) {
    super();
    this.time = startAt;
  }

  now(): number {
    return this.time;
  }

  after(delayMs: number, action: () => void): Cancel {
    const timer = { at: this.time + Math.max(0, delayMs), action };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  /**
   * When the next timer is due (epoch ms), if there is one: a simulator jumps from one to the next.
   */
  get nextAt(): number | undefined {
    return this.next()?.at;
  }

  /**
   * Advances time, and runs each timer at its own instant; timers of the same instant run in the
   * order in which they were set. Timers set by these also run if they fall due within `ms`.
   */
  advance(ms: number): void {
    const until = this.time + ms;
    for (let timer = this.next(); timer !== undefined && timer.at <= until; timer = this.next()) {
      this.timers.delete(timer);
      this.time = timer.at;
      timer.action();
    }
    this.time = until;
  }

  /** A set keeps the order of insertion, so of equal timers the first one was set first. */
  private next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.timers) {
      if (next === undefined || timer.at < next.at) next = timer;
    }
    return next;
  }
}

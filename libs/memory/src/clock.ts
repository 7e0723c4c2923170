import { Clock, type Cancel } from '#kernel';

interface Timer {
  readonly at: number;
  readonly action: () => void;
}

/** Time that passes only when it is told to. Starts at 1 January 2030 unless told otherwise. */
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

  /** When the next timer is due (epoch ms), if there is one: a simulator leaps from one to the next. */
  get nextAt(): number | undefined {
    return this.next()?.at;
  }

  /**
   * Lets time pass, and runs each timer at its own instant, those of one instant in the order in
   * which they were set. What they set in turn runs too, if it falls due within `ms`.
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

  /** A set keeps the order of insertion, so the first of equals was set first. */
  private next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.timers) {
      if (next === undefined || timer.at < next.at) next = timer;
    }
    return next;
  }
}

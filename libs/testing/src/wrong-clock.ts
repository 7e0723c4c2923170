import { Clock, type Cancel } from '#kernel';

/** A machine's clock that runs as fast as the right one, and can be set wrong at any time. */
export class WrongClock extends Clock {
  constructor(
    private readonly right: Clock,
    /** How far it is ahead of the right clock (ms). */
    public aheadMs = 0,
  ) {
    super();
  }

  now(): number {
    return this.right.now() + this.aheadMs;
  }

  after(delayMs: number, action: () => void): Cancel {
    return this.right.after(delayMs, action);
  }
}

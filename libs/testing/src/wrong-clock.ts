import { Clock, type Cancel } from '#kernel';

/** A machine's clock that runs as the right one does, and may be set wrong at any time. */
export class WrongClock extends Clock {
  constructor(
    private readonly right: Clock,
    /** How far it is ahead (ms). */
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

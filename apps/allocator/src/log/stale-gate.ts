import type { Cancel, Clock } from '#kernel';

/** How often it is checked whether the log is heard again (ms). */
const LOOK_MS = 250;

/** Number of requests that may wait. */
const WAITING_MAX = 10_000;

/**
 * Holds requests that come while the log is not heard, or stores nothing. They go on in the order in
 * which they came, all in one turn of the event loop, so a later request cannot take a slot from
 * them.
 */
export class StaleGate {
  private readonly waiting = new Set<() => void>();
  private stopLooking: Cancel = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly isOver: () => boolean,
  ) {}

  /**
   * Whether requests wait here: a new request must queue behind them, even if the log is heard
   * again.
   */
  get isOccupied(): boolean {
    return this.waiting.size > 0;
  }

  /**
   * False at once if there is no room or no time to wait, otherwise true after the wait (`until`:
   * epoch ms).
   */
  mayWait(until: number): Promise<boolean> {
    const isRefused = this.waiting.size >= WAITING_MAX || this.clock.now() >= until;
    if (isRefused) return Promise.resolve(false);
    // The very promise: with one more turn of the microtask queue, whoever calls `pass` would overtake.
    return this.pass(until);
  }

  /** Resolves when the log is heard again (at once if it is), or at `until` (epoch ms). */
  pass(until: number): Promise<true> {
    return new Promise((resolve) => {
      const goOn = () => {
        cancel();
        this.waiting.delete(goOn);
        if (!this.isOccupied) this.stopLooking();
        resolve(true);
      };
      const cancel = this.clock.after(Math.max(0, until - this.clock.now()), goOn);
      if (!this.isOccupied) this.stopLooking = this.clock.every(LOOK_MS, () => this.look());
      this.waiting.add(goOn);
      this.look();
    });
  }

  private look(): void {
    if (this.isOver()) for (const goOn of [...this.waiting]) goOn();
  }
}

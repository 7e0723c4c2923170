export type Cancel = () => void;

/** The only source of time: real in the services, driven by the test or the simulator elsewhere. */
export abstract class Clock {
  /** Epoch milliseconds. */
  abstract now(): number;

  /** Runs `action` once, `delayMs` from now, unless cancelled before. */
  abstract after(delayMs: number, action: () => void): Cancel;

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => void this.after(delayMs, resolve));
  }

  /** Runs `action` every `periodMs`; the next period begins when the last one ends. */
  every(periodMs: number, action: () => void): Cancel {
    let cancel: Cancel;
    const arm = () => {
      cancel = this.after(periodMs, () => {
        arm();
        action();
      });
    };
    arm();
    return () => cancel();
  }
}

import type { Cancel, Clock } from '#kernel';
import { SILENCE_MS } from '../connection/retry.js';

/**
 * Tells when nothing was heard for `SILENCE_MS`. It has one timer, set again only when it is due: one for
 * each message took a fifth of the time in which a history is read.
 */
export class Silence {
  private heardAt: number;
  private cancel: Cancel = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly tell: () => void,
  ) {
    this.heardAt = clock.now();
    this.wait(SILENCE_MS);
  }

  heard(): void {
    this.heardAt = this.clock.now();
  }

  stop(): void {
    this.cancel();
  }

  private wait(ms: number): void {
    this.cancel = this.clock.after(ms, () => {
      // A clock that was put back must not make this longer.
      const left = Math.min(this.heardAt + SILENCE_MS - this.clock.now(), SILENCE_MS);
      if (left > 0) this.wait(left);
      else this.tell();
    });
  }
}

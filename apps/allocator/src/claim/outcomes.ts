import type { Clock } from '#kernel';
import type { SlotHead } from '#pool';

/** Waits for changes of slots. Every wait has a deadline. */
export class Outcomes {
  private readonly waiting = new Map<string, Set<() => void>>();

  constructor(private readonly clock: Clock) {}

  changed({ subject }: SlotHead): void {
    for (const wake of [...(this.waiting.get(subject) ?? [])]) wake();
  }

  /** Resolves when the slot has changed, or at `until` (epoch ms). */
  nextChange(subject: string, until: number): Promise<void> {
    return new Promise((resolve) => {
      const waiters = this.waiting.get(subject) ?? new Set();
      const wake = () => {
        cancel();
        waiters.delete(wake);
        if (waiters.size === 0) this.waiting.delete(subject);
        resolve();
      };
      const cancel = this.clock.after(until - this.clock.now(), wake);
      this.waiting.set(subject, waiters.add(wake));
    });
  }
}

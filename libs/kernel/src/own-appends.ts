import type { Cancel, Clock } from './clock.js';

/** How often it is checked that own appends are still stored (ms). */
const LOOK_MS = 50;

/**
 * The appends of one process that were stored directly one after the other. Sequences are given out
 * without gaps, so nobody else has written in between. While such appends go on, they suffice: the
 * process need not read the log.
 */
export class OwnAppends {
  private first = 0;
  private last = 0;
  private fresh = 0;
  private stopLooking: Cancel | undefined;

  constructor(
    private readonly clock: Clock,
    /** Called when nothing was stored for 50 to 100 ms while own appends were to suffice. */
    private readonly ceased: () => void,
  ) {}

  /** Whether nothing is read now. */
  get suffice(): boolean {
    return this.stopLooking !== undefined;
  }

  /** Called with each sequence under which the log has stored an append of this process. */
  stored(sequence: number): void {
    if (sequence !== this.last + 1) {
      this.first = sequence;
      this.fresh = 0;
    }
    this.last = sequence;
    this.fresh += 1;
  }

  /** Whether something was stored after `sequence` that this process has not appended. */
  hasGapAfter(sequence: number): boolean {
    return this.first > sequence + 1;
  }

  /** The last sequence up to which everything after `sequence` was stored by this process. */
  reachFrom(sequence: number): number {
    return this.hasGapAfter(sequence) ? sequence : Math.max(sequence, this.last);
  }

  /** How many were stored, without a gap, since the last call. */
  takeFresh(): number {
    const { fresh } = this;
    this.fresh = 0;
    return fresh;
  }

  /** From now on nothing is read. */
  begin(): void {
    this.takeFresh();
    this.stopLooking ??= this.clock.every(LOOK_MS, () => {
      if (this.takeFresh() === 0) this.ceased();
    });
  }

  /** From now on the log is read. */
  end(): void {
    this.stopLooking?.();
    this.stopLooking = undefined;
  }
}

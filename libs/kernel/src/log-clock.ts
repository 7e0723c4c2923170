import { Clock, type Cancel } from './clock.js';
import { errorMessage, TransientError } from './errors.js';

/** The source of the log's own time. */
export interface LogTime {
  /** The log's current time (epoch ms). */
  time(): Promise<number>;
}

/**
 * How often the log is asked (ms). A machine's clock drifts a fraction of a millisecond in this
 * time.
 */
const ASK_MS = 5_000;

/** How often our own clock is read (ms), to tell passing time from a clock that has been set. */
const LOOK_MS = 250;

/**
 * A longer step between two readings (ms) means that the process was held up or the clock was set.
 * Only the log can tell which, so until it answers at most this much counts as passed.
 */
const LEAP_MS = 1_000;

/** How long the first answer is waited for (ms): longer than a cluster takes to elect a leader. */
const FIRST_WITHIN_MS = 12_000;

/** Pause before the log is asked for its first answer again (ms). */
const AGAIN_MS = 250;

/**
 * The first answer sets the clock, which then lags by the time the answer took. An answer that took
 * longer than this (ms) is not used before the time for the first answer is over.
 */
const QUICK_MS = 100;

/** While this clock is ahead of the log, it runs slower by this factor until they agree. */
const SLOWER = 0.5;

/**
 * The log's time, by which every decision is made: all processes that decide agree to within the
 * delay of a message, whatever their machines' clocks say. The clock is ahead of the log by at most
 * the delay of one answer, and never goes back: a deadline may be noticed late, but not early.
 */
export class LogClock extends Clock {
  private time: number;
  private before: number;
  /** By how much `time` is known to be ahead of the log (ms). */
  private aheadMs = 0;
  private asking = false;
  private isFailing = false;
  /** How often this process was held up or its machine's clock was set. */
  private leaps = 0;
  private sure = false;
  private stops: readonly Cancel[] = [];

  /**
   * @param onTransientError called once with the reason when the log stops answering; the clock
   * goes on asking
   */
  constructor(
    private readonly own: Clock,
    private readonly log: LogTime,
    private readonly onTransientError: (reason: string) => void = () => undefined,
  ) {
    super();
    this.time = this.before = own.now();
  }

  /**
   * Sets the clock by the log and keeps it in step. Throws `TransientError` if the log does not
   * answer.
   */
  async start(): Promise<void> {
    this.time = await this.first(this.own.now() + FIRST_WITHIN_MS);
    this.before = this.own.now();
    this.sure = true;
    this.stops = [
      this.own.every(LOOK_MS, () => this.pass()),
      this.own.every(ASK_MS, () => void this.ask()),
    ];
  }

  stop(): void {
    for (const stop of this.stops) stop();
  }

  now(): number {
    this.pass();
    // Whole milliseconds, so that a stored instant is read back unchanged.
    return Math.floor(this.time);
  }

  /**
   * False after a leap, until the log has answered: the time may be far behind, so it must not date
   * anything that a deadline is counted from.
   */
  checkSure(): boolean {
    this.pass();
    return this.sure;
  }

  after(delayMs: number, action: () => void): Cancel {
    return this.own.after(delayMs, action);
  }

  private pass(): void {
    const now = this.own.now();
    const leapt = now - this.before;
    this.before = now;
    const passedMs = Math.min(Math.max(leapt, 0), LEAP_MS);
    const withheldMs = Math.min(this.aheadMs, passedMs * SLOWER);
    this.aheadMs -= withheldMs;
    this.time += passedMs - withheldMs;
    if (leapt >= 0 && leapt <= LEAP_MS) return;
    this.leaps += 1;
    this.sure = false;
    void this.ask();
  }

  /** Returns a quick answer; if none comes in time, a slow one is better than none. */
  private async first(until: number): Promise<number> {
    for (;;) {
      const asked = this.own.now();
      try {
        const told = await this.log.time();
        const now = this.own.now();
        if (now - asked <= QUICK_MS || now >= until) return told;
      } catch (error) {
        if (!(error instanceof TransientError) || this.own.now() >= until) throw error;
        await this.own.sleep(AGAIN_MS);
      }
    }
  }

  private async ask(): Promise<void> {
    if (this.asking || this.stops.length === 0) return;
    this.asking = true;
    const asked = this.own.now();
    const { leaps } = this;
    try {
      this.learn(await this.log.time(), asked);
      // If a leap happened while the answer was on its way, the answer may be from before the leap.
      this.sure = leaps === this.leaps;
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) this.onTransientError(errorMessage(error));
      this.isFailing = true;
    } finally {
      this.asking = false;
    }
    if (leaps !== this.leaps) void this.ask();
  }

  /** The log's time is now between `told` and `told` plus the time the answer took. */
  private learn(told: number, asked: number): void {
    this.pass();
    const latest = told + Math.max(0, this.own.now() - asked);
    this.aheadMs = Math.max(0, this.time - latest);
    this.time = Math.max(this.time, told);
  }
}

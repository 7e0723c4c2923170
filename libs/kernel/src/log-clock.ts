import { Clock, type Cancel } from './clock.js';
import { errorMessage, TransientError } from './errors.js';

/** Where the log's own time is asked for. */
export interface LogTime {
  /** What time the log says it is (epoch ms). */
  time(): Promise<number>;
}

/** How often the log is asked. A machine's clock gains a fraction of a millisecond meanwhile. */
const ASK_MS = 5_000;

/** How often our own clock is looked at, to tell time that passes from a clock that is set. */
const LOOK_MS = 250;

/**
 * More than this between two looks is a process that was held up or a clock that was set: which of
 * the two, only the log can tell, so until it does no more than this counts as having passed.
 */
const LEAP_MS = 1_000;

/** For so long the first answer is waited for: longer than a cluster takes to elect a leader. */
const FIRST_WITHIN_MS = 12_000;

/** Pause before the log is asked for the first answer again. */
const AGAIN_MS = 250;

/** The first answer sets the clock, behind by what it took: one that took longer is not good. */
const QUICK_MS = 100;

/** Where this clock is ahead of the log, it goes this much slower until it is not. */
const SLOWER = 0.5;

/**
 * The log's time: what every decision is made by, so that all who decide agree to within the time
 * a message takes, whatever their machines' clocks say. It never runs ahead of the log by more than
 * one answer takes, and never back: so a deadline may be found late, but not early.
 */
export class LogClock extends Clock {
  private time: number;
  private before: number;
  /** By how much `time` is known to be ahead of the log. */
  private aheadMs = 0;
  private asking = false;
  private isFailing = false;
  /** How often this process was held up, or its clock set. */
  private leaps = 0;
  private sure = false;
  private stops: readonly Cancel[] = [];

  /** @param onTransientError told once why the log cannot be asked; it is asked again anyway */
  constructor(
    private readonly own: Clock,
    private readonly log: LogTime,
    private readonly onTransientError: (reason: string) => void = () => undefined,
  ) {
    super();
    this.time = this.before = own.now();
  }

  /** Sets the clock by the log, and keeps it so. Throws `TransientError` where the log does not answer. */
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
    // Whole milliseconds: an instant that is stored must come back as it was.
    return Math.floor(this.time);
  }

  /**
   * False after a leap, until the log has been asked: the time may be far behind, so nothing that a
   * deadline is counted from may be dated by it.
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

  /** A quick answer; where none comes in time, the last of the slow ones is better than none. */
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
      // An answer that was on its way meanwhile tells of a time before the leap.
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

  /** The log's time is now `told` at least, and at most that and the time the answer took. */
  private learn(told: number, asked: number): void {
    this.pass();
    const latest = told + Math.max(0, this.own.now() - asked);
    this.aheadMs = Math.max(0, this.time - latest);
    this.time = Math.max(this.time, told);
  }
}

import { CannotStore, type Cancel, type Clock, type EventLog, type LogRecord } from '#kernel';
import type { Logger } from '#service-runtime';
import type { Storing } from './storing.js';

/** An allocator that has not heard from the log for this long (ms) does not claim. */
export const HEARD_WITHIN_MS = 2_000;

/**
 * How often it checks whether this process was held up, and from which pause on that counts (ms).
 */
const LOOK_MS = 250;
const HELD_UP_MS = 2_000;

/** Pause between two checks whether the log's end has been read (ms). */
const REACHED_LOOK_MS = 10;

/**
 * Events that the log has removed never come. If the log is heard but nothing new comes for this
 * long (ms), all of it has been read.
 */
const NOTHING_NEW_MS = 3_000;

interface CatchingUpDeps {
  readonly region: string;
  readonly log: Pick<EventLog<LogRecord>, 'end'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The sequence up to which the log has been read. */
  readonly read: () => number;
  /** How long the log was not heard (ms). */
  readonly silentMs: () => number;
  readonly storing: Pick<Storing, 'failed'>;
}

/**
 * After a pause of this process, or of the log (over 2 s), the first events delivered are old.
 * Nothing may be decided until the end of the log, asked for after the pause, has been read.
 */
export class CatchingUp {
  private lookedAt: number;
  private isBehind = false;
  /**
   * Number of pauses so far: an end of the log that was asked for before the last pause is too old.
   */
  private round = 0;
  private passing = 0;
  private verdicts = 0;
  private stopLooking: Cancel = () => undefined;

  constructor(private readonly deps: CatchingUpDeps) {
    this.lookedAt = deps.clock.now();
  }

  start(): void {
    const { clock } = this.deps;
    this.lookedAt = clock.now();
    this.stopLooking = clock.every(LOOK_MS, () => this.look());
  }

  stop(): void {
    this.stopLooking();
    this.isBehind = false;
  }

  /** Why nothing may be decided now; null if decisions are allowed. */
  because(): string | null {
    this.look();
    return this.isBehind ? 'the log is being read to its end, after a pause' : null;
  }

  private begin(): void {
    this.round += 1;
    if (this.isBehind) return;
    this.isBehind = true;
    this.passing = this.verdicts = 0;
    void this.untilRead();
  }

  /**
   * Counts the answers given while behind: verdicts (there must be none) and requests to ask again.
   */
  answered(isVerdict: boolean): void {
    this.look();
    if (!this.isBehind) return;
    if (isVerdict) this.verdicts += 1;
    else this.passing += 1;
  }

  /**
   * Timers may fire later than messages wait in the socket, so every decision checks for a pause
   * too.
   */
  private look(): void {
    const now = this.deps.clock.now();
    const silentMs = this.deps.silentMs();
    const isHeldUp = now - this.lookedAt > HELD_UP_MS;
    this.lookedAt = now;
    if (isHeldUp || silentMs > HEARD_WITHIN_MS) this.begin();
  }

  private async untilRead(): Promise<void> {
    const { clock, region, logger } = this.deps;
    while (this.isBehind && !(await this.isRead())) await clock.sleep(LOOK_MS);
    if (!this.isBehind) return;
    this.isBehind = false;
    const { passing, verdicts } = this;
    logger.warn({ region, passing, verdicts }, CAUGHT_UP);
  }

  /**
   * Asks for the log's end, and waits until it is read. False if anything prevents that: it is
   * tried again.
   */
  private async isRead(): Promise<boolean> {
    const { clock, log, read, silentMs, storing } = this.deps;
    const round = this.round;
    const end = await log.end().catch((error: unknown) => {
      if (error instanceof CannotStore) storing.failed(error);
      return undefined;
    });
    if (end === undefined || silentMs() > HEARD_WITHIN_MS) return false;
    let newest = { sequence: read(), at: clock.now() };
    while (newest.sequence < end && clock.now() - newest.at < NOTHING_NEW_MS) {
      await clock.sleep(REACHED_LOOK_MS);
      if (silentMs() > HEARD_WITHIN_MS || !this.isBehind) return false;
      if (read() > newest.sequence) newest = { sequence: read(), at: clock.now() };
    }
    return round === this.round;
  }
}

/** The log line when requests are served again. */
export const CAUGHT_UP = 'caught up with the log';

import type { Cancel, Clock, EventLog, LogRecord } from '#kernel';
import type { Logger } from '#service-runtime';

/** An allocator that has not heard from the log for this long does not claim. */
export const HEARD_WITHIN_MS = 2_000;

/** How often it looks whether it was held up, and from when on it takes itself to have been (ms). */
const LOOK_MS = 250;
const HELD_UP_MS = 2_000;

/** Between two looks whether the log's end is reached (ms). */
const REACHED_LOOK_MS = 10;

/** What the log has removed never comes: who hears it, and nothing new for so long, has read it (ms). */
const NOTHING_NEW_MS = 3_000;

interface CatchingUpDeps {
  readonly region: string;
  readonly log: Pick<EventLog<LogRecord>, 'end'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Up to where the log was read. */
  readonly read: () => number;
  /** For how long the log was not heard. */
  readonly silentMs: () => number;
}

/**
 * Whoever stood still, or did not hear the log, hears at first what is old: the log is heard, and yet
 * nothing may be decided by it before its end is read, as it stood after that.
 */
export class CatchingUp {
  private lookedAt: number;
  private isBehind = false;
  /** How often there was a reason to begin: what was asked before the last one is past. */
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

  /** Why nothing may be decided; null where it may. */
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

  /** Somebody was answered: told to ask again, or given a verdict, which must not be while behind. */
  answered(isVerdict: boolean): void {
    this.look();
    if (!this.isBehind) return;
    if (isVerdict) this.verdicts += 1;
    else this.passing += 1;
  }

  /** Timers may come after what waits in the socket: so whoever decides looks too. */
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

  /** Asks for the log's end, and waits for it. Whatever stands in the way: it is asked for again. */
  private async isRead(): Promise<boolean> {
    const { clock, log, read, silentMs } = this.deps;
    const round = this.round;
    const end = await log.end().catch(() => undefined);
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

/** What the service's output says when it serves again. */
export const CAUGHT_UP = 'caught up with the log';

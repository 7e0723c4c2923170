import type { Clock } from './clock.js';

/** Greatest number of reasons of one episode that are logged. */
const REASONS_MAX = 16;

/** A logger; any pino logger fits. */
export interface ConditionLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

interface ConditionTexts {
  /** The log message when it begins, and for each further reason. */
  readonly begins: string;
  /** The log message when it is over. */
  readonly ends: string;
  /** Default: `warn`. */
  readonly level?: 'warn' | 'error';
  /** Added to every line. */
  readonly fields?: object;
  /**
   * It is over only when nothing has failed for this long (ms), where some of it fails while the
   * rest succeeds. Default: 0.
   */
  readonly calmMs?: number;
}

interface Episode {
  readonly since: number;
  lastAt: number;
  readonly reasons: Set<string>;
  times: number;
}

/**
 * A failure that lasts is logged when it begins, once for each reason, and when it is over, with how
 * long it took and how often it was met. What is tried many times a second fills no log.
 */
export class Condition {
  private episode: Episode | undefined;

  constructor(
    private readonly log: ConditionLog,
    private readonly clock: Clock,
    private readonly texts: ConditionTexts,
  ) {}

  get isOn(): boolean {
    return this.episode !== undefined;
  }

  /**
   * @param reason without figures that differ each time: these belong into `fields`
   */
  fail(reason: string, fields: object = {}): void {
    const now = this.clock.now();
    const episode = (this.episode ??= { since: now, lastAt: now, reasons: new Set(), times: 0 });
    episode.times += 1;
    episode.lastAt = now;
    if (episode.reasons.has(reason) || episode.reasons.size === REASONS_MAX) return;
    episode.reasons.add(reason);
    const { level = 'warn', begins, fields: always } = this.texts;
    this.log[level]({ ...always, reason, ...fields }, begins);
  }

  /** What failed has succeeded. */
  pass(): void {
    if (this.episode === undefined) return;
    const { since, lastAt, times } = this.episode;
    const { ends, fields, calmMs = 0 } = this.texts;
    const now = this.clock.now();
    if (now - lastAt < calmMs) return;
    this.episode = undefined;
    this.log.info({ ...fields, lastedMs: now - since, times }, ends);
  }
}

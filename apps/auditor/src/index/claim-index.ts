import { actionOf } from '#audit';
import {
  LogRefused,
  type Cancel,
  type Clock,
  type EventLog,
  type LogConsumer,
  type LogItem,
  type LogSubscription,
} from '#kernel';
import { slotsSubject, type Action, type IndexedClaim, type IndexState } from '#wire';
import { ClaimFold } from './claim-fold.js';
import { isDamage, removeDatabase, type ClaimsDatabase } from './claims-database.js';
import type { IndexedRecord } from './indexed-record.js';
import { Lag } from './lag.js';

/** Events are written together, at most so many, and at the latest after so long (ms). */
const BATCH_EVENTS = 5_000;
const BATCH_MS = 100;
/** How often the end of the log is asked for (ms). */
const LOOK_MS = 1_000;
/** How often what the archive no longer has is removed (ms), and how many claims at once. */
const FORGET_MS = 3_600_000;
const FORGOTTEN_MAX = 10_000;
/** A log that seems to end too early may have a new leader that is not up to date (ms). */
const TOLERATED_MS = 5_000;
/** A subscription that has heard nothing for this long (ms) does not know whether there is more. */
const HEARD_WITHIN_MS = 2_000;

/** The log is not the one that the index was made of. */
export class OtherLog extends Error {
  override readonly name = 'OtherLog';
}

/** A region's history: the archive has what the log has forgotten. */
export interface History {
  readonly region: string;
  readonly log: EventLog<IndexedRecord>;
  readonly archive: EventLog<IndexedRecord>;
  /** Rejects when the log can be followed no further. */
  readonly broken: Promise<never>;
}

/** One index: a database, and the reading that keeps it up to date. */
export class ClaimIndex implements LogConsumer<IndexedRecord> {
  private fold = new ClaimFold([]);
  private readTo: number;
  private readonly pending = new Map<number, IndexedClaim>();
  private readonly actions: Action[] = [];
  private last: LogItem<IndexedRecord> | undefined;
  private unwritten = 0;
  private cancelWrite: Cancel | undefined;
  private lag = new Lag();
  private subscription: LogSubscription | undefined;
  private events = 0;
  private startedAt = 0;
  private writtenAt = 0;
  private failure: ((error: unknown) => void) | undefined;
  private closed = false;
  private compared = false;

  constructor(
    readonly database: ClaimsDatabase,
    private readonly clock: Clock,
    /** Called when all of the log has been read for the first time. */
    private readonly onBuilt: (index: ClaimIndex) => void,
  ) {
    this.readTo = database.progress.sequence;
  }

  /** Whether all of the log has been read once. */
  get isBuilt(): boolean {
    return this.database.built !== null;
  }

  /** Whether it was found, since this process started, to be made of the log that is there. */
  get isCompared(): boolean {
    return this.compared;
  }

  /** Number of events; undefined while it is not known. */
  get lagEvents(): number | undefined {
    return this.lag.events;
  }

  /** How the building is getting on. */
  get building(): NonNullable<IndexState['building']> {
    const { events } = this;
    const seconds = Math.max(this.writtenAt - this.startedAt, 1) / 1_000;
    const eventsPerSecond = Math.round(events / seconds);
    return {
      readTo: this.readTo,
      end: Math.max(this.lag.end, this.readTo),
      events,
      eventsPerSecond,
    };
  }

  /**
   * Reads what is missing, then follows the log, and never resolves.
   *
   * @throws {OtherLog} the index is void
   * @throws what breaks the reading, or the database; it may be tried again
   */
  async follow(history: History): Promise<never> {
    // What was read and not written by an earlier attempt is read again.
    this.startOver();
    let stopLooking: Cancel = () => undefined;
    let stopForgetting: Cancel = () => undefined;
    const failed = new Promise<never>((_, reject) => (this.failure = reject));
    failed.catch(() => undefined);
    try {
      await this.requireSameLog(history);
      this.compared = true;
      stopLooking = this.clock.every(LOOK_MS, () => void this.look(history));
      await Promise.race([this.readArchive(history), failed]);
      this.subscription = await history.log.follow(this.readTo, this);
      await this.look(history);
      stopForgetting = this.clock.every(FORGET_MS, () => void this.forget(history));
      return await Promise.race([history.broken, failed]);
    } finally {
      stopLooking();
      stopForgetting();
      this.subscription?.close();
      this.subscription = undefined;
      this.cancelWrite?.();
      this.failure = undefined;
    }
  }

  receive(item: LogItem<IndexedRecord>): void {
    if (this.closed || this.failure === undefined) return;
    this.last = item;
    this.readTo = item.sequence;
    this.events += 1;
    this.unwritten += 1;
    if (item.kind === 'recorded') {
      const { subject, sequence, record } = item;
      const changed = this.fold.take(subject, sequence, record.record);
      for (const claim of changed) this.pending.set(claim.sequence, claim);
      const action = record.record && actionOf(sequence, subject, record.record);
      if (action !== undefined) this.actions.push(action);
    }
    if (this.unwritten >= BATCH_EVENTS) this.write();
    else this.cancelWrite ??= this.clock.after(BATCH_MS, () => this.write());
  }

  /** What was read is in the database when this returns. */
  write(): void {
    this.cancelWrite?.();
    this.cancelWrite = undefined;
    if (this.last === undefined || this.unwritten === 0 || this.closed) return;
    try {
      const progress = {
        sequence: this.last.sequence,
        recordedAt: this.last.kind === 'recorded' ? this.last.record.at : null,
        mark: markOf(this.last),
      };
      this.database.write(this.pending.values(), progress, this.actions);
      this.pending.clear();
      this.actions.length = 0;
      this.unwritten = 0;
      this.writtenAt = this.clock.now();
    } catch (error) {
      this.fail(error);
    }
  }

  close(): void {
    if (this.closed) return;
    this.write();
    this.closed = true;
    this.fail(new OtherLog('closed'));
    this.database.close();
  }

  /** Closes it, and removes its file. */
  discard(): void {
    this.closed = true;
    this.fail(new OtherLog('discarded'));
    this.database.close();
    removeDatabase(this.database.path);
  }

  get isClosed(): boolean {
    return this.closed;
  }

  private fail(error: unknown): void {
    const { failure } = this;
    this.failure = undefined;
    failure?.(error);
  }

  private startOver(): void {
    this.pending.clear();
    this.actions.length = 0;
    this.unwritten = 0;
    this.last = undefined;
    this.readTo = this.database.progress.sequence;
    this.fold = new ClaimFold(this.database.open());
    this.lag = new Lag();
    this.events = 0;
    this.startedAt = this.writtenAt = this.clock.now();
  }

  /** The record that was read last is still there, or else the index is of another log. */
  private async requireSameLog({ log, archive }: History): Promise<void> {
    const { sequence, mark } = this.database.progress;
    if (sequence === 0) return;
    if ((await log.end()) < sequence) {
      await this.clock.sleep(TOLERATED_MS);
      const end = await log.end();
      if (end < sequence) throw new OtherLog(`it was read up to ${sequence} and ends at ${end}`);
    }
    const found = (await log.at(sequence)) ?? (await archived(archive, sequence));
    if (found === undefined) throw new OtherLog(`the record at ${sequence} is gone`);
    if (markOf(found) !== mark) throw new OtherLog(`at ${sequence} stands another record`);
  }

  /** The archive as far as it goes, but never further than the log. */
  private async readArchive({ region, log, archive }: History): Promise<void> {
    const end = await log.end();
    try {
      const from = { sequence: this.readTo + 1 };
      for await (const item of archive.read(slotsSubject(region), from)) {
        if (item.sequence > end || this.failure === undefined) break;
        this.receive(item);
      }
    } catch (error) {
      // A region need not have an archive.
      if (!(error instanceof LogRefused)) throw error;
    }
    this.write();
  }

  /** Removes what the archive has removed, and a new index could not have. */
  private async forget({ region, archive }: History): Promise<void> {
    let first: number | undefined;
    try {
      for await (const { sequence } of archive.read(slotsSubject(region))) {
        first = sequence;
        break;
      }
      while (first !== undefined && !this.closed) {
        if (this.database.forget(first, FORGOTTEN_MAX) < FORGOTTEN_MAX) return;
        await this.clock.sleep(BATCH_MS);
      }
    } catch (error) {
      if (isDamage(error)) this.fail(error);
    }
  }

  private async look({ log }: History): Promise<void> {
    const earlierEnd = this.lag.end;
    try {
      const end = await log.end();
      const { subscription, readTo } = this;
      const isHeard = subscription !== undefined && subscription.silentMs < HEARD_WITHIN_MS;
      this.lag.note({ end, readTo, at: this.clock.now() }, isHeard);
    } catch {
      return this.lag.lose();
    }
    // While others write, a reader is never quite at the end.
    const isRead = this.subscription !== undefined && this.readTo >= earlierEnd && earlierEnd > 0;
    if (isRead || this.lag.events === 0) this.complete();
  }

  private complete(): void {
    if (this.closed || this.isBuilt) return;
    this.write();
    const { events, eventsPerSecond } = this.building;
    try {
      this.database.complete({ at: this.clock.now(), events, eventsPerSecond });
    } catch (error) {
      return this.fail(error);
    }
    this.onBuilt(this);
  }
}

/** What a record is known by; its id is written once, and by one allocator. */
function markOf(item: LogItem<IndexedRecord>): string {
  return item.kind === 'recorded' ? item.record.id : `unreadable ${item.subject}`;
}

async function archived(archive: EventLog<IndexedRecord>, sequence: number) {
  try {
    return await archive.at(sequence);
  } catch (error) {
    if (error instanceof LogRefused) return undefined;
    throw error;
  }
}

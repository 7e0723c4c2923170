import { CannotStore, errorMessage, type Clock, type EventLog, type LogRecord } from '#kernel';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from './files.js';

/** How long an answer is used again (ms): however often readiness is asked for, this is cheap. */
const RECENT_MS = 1_000;

/** Length of what is written to try the disk: a session's record is hardly longer. */
const TRIED_LENGTH = 4_096;

interface OwnerReadinessDeps {
  /** The folder of the owner's records: no session begins that cannot be recorded there. */
  readonly data: string;
  readonly clock: Clock;
  readonly eventLog: Pick<EventLog<LogRecord>, 'end'>;
  /** Why NATS cannot be used now; null if it can. */
  readonly awayBecause: () => string | null;
  /** Why the owner's slots cannot be used now, as far as the owner itself knows; null if they can. */
  readonly ownReason: () => string | null;
}

/** Whether an owner of slots could serve a claim or a registration now. */
export class OwnerReadiness {
  private askedAt = -Infinity;
  private answer: Promise<readonly string[]> = Promise.resolve([]);

  constructor(private readonly deps: OwnerReadinessDeps) {}

  /** Why it could not; empty if it could. */
  reasons(): Promise<readonly string[]> {
    const now = this.deps.clock.now();
    if (now - this.askedAt < RECENT_MS) return this.answer;
    this.askedAt = now;
    this.answer = this.ask();
    return this.answer;
  }

  private async ask(): Promise<readonly string[]> {
    const { awayBecause, ownReason } = this.deps;
    const cause = awayBecause() ?? ownReason() ?? (await this.unansweredBecause());
    return [cause, this.unwritableBecause()].filter((reason) => reason !== null);
  }

  private async unansweredBecause(): Promise<string | null> {
    try {
      await this.deps.eventLog.end();
      return null;
    } catch (error) {
      return error instanceof CannotStore ? error.explained : errorMessage(error);
    }
  }

  private unwritableBecause(): string | null {
    const file = join(this.deps.data, 'writable');
    try {
      writeWhole(file, ' '.repeat(TRIED_LENGTH));
      rmSync(file);
      return null;
    } catch (error) {
      return `the data folder cannot be written: ${errorMessage(error)}`;
    }
  }
}

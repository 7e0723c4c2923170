import { TransientError } from '#kernel';
import { createHash } from 'node:crypto';
import type { StreamAccess } from './delivery.js';
import type { Stored } from './direct.js';
import { reach } from '../connection/failures.js';
import { TOLERATED_MS } from '../connection/retry.js';

/** Older places that are remembered, for when the log has forgotten the newest. */
const OLDER_MAX = 16;

/**
 * The log is not the one that was read: it was made anew, put back from a copy, or lost its tail to
 * a power cut. What was decided on the lost part cannot be mended by reading on.
 */
export class LogWentBack extends Error {
  override readonly name = 'LogWentBack';

  constructor(
    readonly stream: string,
    readonly found: string,
  ) {
    super(
      `stream ${stream} is not the log that was read: ${found}. Restart what has read it; ` +
        'docs/operating.md, "When the log went back", says what to look at',
    );
  }
}

interface Mark {
  readonly sequence: number;
  readonly digest: string;
}

/** Remembers which records stood where one reader has read, and whether they still do. */
export class LogIdentity {
  private readonly access: StreamAccess;
  /** Oldest first. */
  private older: readonly Mark[] = [];
  private newest: Stored | undefined;
  private read: number;
  private created: string | undefined;
  private endsEarlySince: number | undefined;

  constructor(access: StreamAccess, read: number) {
    this.access = access;
    this.read = read;
  }

  /** Is told of each record that is read. */
  note({ subject, sequence, body }: Stored): void {
    if (sequence <= this.read) return;
    this.read = sequence;
    this.newest = { subject, sequence, body };
  }

  /**
   * Compares the newest record remembered that the log's leader still has. Only where it has none
   * the stream's creation is compared: a copy that has all that was read is the same log.
   *
   * @throws {LogWentBack}
   * @throws {TransientError} it cannot be told now.
   */
  async compare(): Promise<void> {
    const read = this.read;
    const marks = this.marks();
    const { manager, stream, clock } = this.access;
    const { created, state } = await reach(manager.streams.info(stream));
    const isKnown = await this.compareMarks(marks);
    if (state.last_seq < read) {
      this.endsEarlySince ??= clock.now();
      const found = `it was read up to ${read} and ends at ${state.last_seq}`;
      // A cluster that has just chosen a leader can tell an old end for a moment.
      const isOver = clock.now() - this.endsEarlySince >= TOLERATED_MS;
      if (this.created === undefined || isOver) throw new LogWentBack(stream, found);
      throw new TransientError(`stream ${stream}: ${found}`);
    }
    this.endsEarlySince = undefined;
    if (!isKnown && this.created !== undefined && created !== this.created) {
      throw new LogWentBack(stream, `it was made anew at ${created}`);
    }
    this.created = created;
    this.older = marks.slice(-OLDER_MAX);
    if (marks.length === 0 && read > 0) await this.learn(read);
  }

  /** Oldest first, the newest included. */
  private marks(): readonly Mark[] {
    const newest = this.newest;
    if (newest === undefined || newest.sequence === this.older.at(-1)?.sequence) {
      return this.older;
    }
    return [...this.older, { sequence: newest.sequence, digest: digestOf(newest) }];
  }

  /** Says whether the log has any of them. */
  private async compareMarks(marks: readonly Mark[]): Promise<boolean> {
    for (const { sequence, digest } of marks.toReversed()) {
      const stored = await this.at(sequence);
      if (stored === undefined) continue;
      if (digestOf(stored) === digest) return true;
      const found = `at ${sequence} stands another record than was read there`;
      throw new LogWentBack(this.access.stream, found);
    }
    return false;
  }

  /** A reader that begins behind a place has not seen the record there. */
  private async learn(sequence: number): Promise<void> {
    const stored = await this.at(sequence);
    if (stored !== undefined) this.older = [{ sequence, digest: digestOf(stored) }];
  }

  private async at(seq: number): Promise<Stored | undefined> {
    const { manager, stream } = this.access;
    const found = await reach(manager.streams.getMessage(stream, { seq }));
    return found === null
      ? undefined
      : { subject: found.subject, sequence: found.seq, body: found.data };
  }
}

/** A record has its id in its body. */
function digestOf({ subject, body }: Stored): string {
  return createHash('sha256').update(subject).update('\n').update(body).digest('base64');
}

import { TransientError } from '#kernel';
import { createHash } from 'node:crypto';
import type { StreamAccess } from './delivery.js';
import { lastOf, type Stored } from './direct.js';
import { reach } from '../connection/failures.js';
import { TOLERATED_MS } from '../connection/retry.js';

/** Number of older marks that are kept, in case the log has forgotten the newest. */
const OLDER_MAX = 16;

/**
 * The log is not the one that was read: it was created anew, restored from a copy, or lost its last
 * records in a power cut. Decisions made from the lost part cannot be repaired by reading on.
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
  /** Empty if the reader has not read the record itself. */
  readonly subject: string;
  readonly sequence: number;
  readonly digest: string;
}

/** Finds the record at the mark's sequence; undefined if it is gone, or cannot be determined. */
export type Lookup = (
  access: StreamAccess,
  mark: Pick<Mark, 'subject' | 'sequence'>,
) => Promise<Stored | undefined>;

/** Asks the leader for the message at any sequence of the stream. */
const byPlace: Lookup = async ({ manager, stream }, { sequence }) => {
  const found = await reach(manager.streams.getMessage(stream, { seq: sequence }));
  return found === null
    ? undefined
    : { subject: found.subject, sequence: found.seq, body: found.data };
};

/**
 * For readers that may read only exact subjects: finds a record only while it is the last of its
 * subject.
 */
export const bySubject: Lookup = async (access, { subject, sequence }) => {
  const found = await lastOf(access, subject);
  return found?.sequence === sequence ? found : undefined;
};

/**
 * Remembers which records one reader has read at which place, and checks that they are still there.
 */
export class LogIdentity {
  private readonly access: StreamAccess;
  /** Oldest first. */
  private older: readonly Mark[] = [];
  private newest: Stored | undefined;
  private read: number;
  private created: string | undefined;
  private endsEarlySince: number | undefined;

  constructor(
    access: StreamAccess,
    read: number,
    private readonly lookup = byPlace,
  ) {
    this.access = access;
    this.read = read;
  }

  /** Called with each record that is read. */
  note({ subject, sequence, body }: Stored): void {
    if (sequence <= this.read) return;
    this.read = sequence;
    this.newest = { subject, sequence, body };
  }

  /**
   * Compares the newest remembered record that the log's leader still has. If it has none of them,
   * the creation date of the stream is compared instead: a copy with all the records read is the
   * same log.
   *
   * @throws {LogWentBack}
   * @throws {TransientError} the comparison cannot be made now.
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
      // A cluster that has just chosen a leader can report an old end for a moment.
      const isOver = clock.now() - this.endsEarlySince >= TOLERATED_MS;
      if (this.created === undefined || isOver) throw new LogWentBack(stream, found);
      throw new TransientError(`stream ${stream}: ${found}`);
    }
    this.endsEarlySince = undefined;
    if (!isKnown && this.created !== undefined && created !== this.created) {
      throw new LogWentBack(stream, `it was created again at ${created}`);
    }
    this.created = created;
    this.older = marks.slice(-OLDER_MAX);
    if (marks.length === 0 && read > 0) await this.learn(read);
  }

  /** All marks, oldest first, including the newest. */
  private marks(): readonly Mark[] {
    const newest = this.newest;
    if (newest === undefined || newest.sequence === this.older.at(-1)?.sequence) {
      return this.older;
    }
    const { subject, sequence } = newest;
    return [...this.older, { subject, sequence, digest: digestOf(newest) }];
  }

  /** Whether the log still has one of the marks. */
  private async compareMarks(marks: readonly Mark[]): Promise<boolean> {
    for (const mark of marks.toReversed()) {
      const stored = await this.lookup(this.access, mark);
      if (stored === undefined) continue;
      if (digestOf(stored) === mark.digest) return true;
      const found = `at ${mark.sequence} stands another record than was read there`;
      throw new LogWentBack(this.access.stream, found);
    }
    return false;
  }

  /**
   * A reader that starts after `sequence` has not read the record there: looks it up and remembers
   * it.
   */
  private async learn(sequence: number): Promise<void> {
    const stored = await this.lookup(this.access, { subject: '', sequence });
    if (stored === undefined) return;
    this.older = [{ subject: stored.subject, sequence, digest: digestOf(stored) }];
  }
}

/** The id of a record is in its body, so the digest covers it. */
function digestOf({ subject, body }: Stored): string {
  return createHash('sha256').update(subject).update('\n').update(body).digest('base64');
}

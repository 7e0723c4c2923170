/**
 * Events that the log has removed never come. If the log is heard but nothing new comes for this
 * long (ms), all of it has been read.
 */
const NOTHING_NEW_MS = 3_000;

/** What a reader of a log knows at some moment. */
interface Seen {
  /** Sequence of the last event that was ever written. */
  readonly end: number;
  /** Sequence up to which the log was read. */
  readonly readTo: number;
  /** Epoch ms. */
  readonly at: number;
}

/** How far a reader is behind its log. */
export class Lag {
  /** When the reader last had something new. */
  private quiet: Seen | undefined;
  private last: Seen | undefined;
  private knownEnd = 0;

  /** @param isHeard whether the log told the reader, a moment ago, that it has no more */
  note(seen: Seen, isHeard: boolean): void {
    this.last = seen;
    this.knownEnd = seen.end;
    if (seen.readTo !== this.quiet?.readTo || !isHeard) this.quiet = seen;
  }

  /** Number of events; undefined while it is not known. */
  get events(): number | undefined {
    const { last, quiet } = this;
    if (last === undefined || quiet === undefined) return undefined;
    const isRead = last.at - quiet.at >= NOTHING_NEW_MS;
    return Math.max(0, last.end - Math.max(last.readTo, isRead ? quiet.end : 0));
  }

  /** The log does not tell where it ends. */
  lose(): void {
    this.last = undefined;
  }

  /** Sequence of the last event of the log, as far as is known. */
  get end(): number {
    return this.knownEnd;
  }
}

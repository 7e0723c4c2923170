import type { StoredMessage } from '#kernel';
import { dateOf } from './date-of.js';

/** So many slots are asked about with one request; a server answers 1,024 at most. */
export const ASKED_MAX = 1_000;

/** A stream of stored messages, which exists and can be asked what stood in it at an earlier time. */
export interface PastSource {
  /** The first and the last sequence; 0 and 0 where it is empty. */
  extent(): Promise<{ readonly first: number; readonly last: number } | undefined>;
  /** Every subject that has messages now. */
  subjects(): Promise<readonly string[]>;
  /** The last messages of subjects, `ASKED_MAX` at most, before a sequence; in any order. */
  lastBefore(subjects: readonly string[], sequence: number): Promise<readonly StoredMessage[]>;
  /** The first message at a sequence or after it; undefined where there is none. */
  next(sequence: number): Promise<StoredMessage | undefined>;
  /** The first message that is kept of a subject; undefined where there is none. */
  firstOf(subject: string): Promise<StoredMessage | undefined>;
}

/**
 * The first sequence behind every event dated until an instant (epoch ms), found by halving. Events
 * are dated by their writers, each by the log's clock, so a little after each other's: by `lateMs`.
 */
async function sequenceAfter(
  source: PastSource,
  { until, lateMs }: { readonly until: number; readonly lateMs: number },
): Promise<number> {
  const { first, last } = (await source.extent()) ?? { first: 0, last: 0 };
  let [low, high] = [first, last + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const message = await source.next(middle);
    if (message === undefined || (dateOf(message) ?? until) > until + lateMs) high = middle;
    else low = message.sequence + 1;
  }
  return low;
}

/** Several streams that keep the same events, with the same sequences: a log and its archive. */
export class PastSources {
  constructor(private readonly sources: readonly PastSource[]) {}

  async subjects(): Promise<readonly string[]> {
    const all = await Promise.all(this.sources.map((source) => source.subjects()));
    return [...new Set(all.flat())].sort();
  }

  /** See `sequenceAfter`: of any of the sources. */
  async sequenceAfter(until: number, lateMs: number): Promise<number> {
    const asked = this.sources.map((source) => sequenceAfter(source, { until, lateMs }));
    return Math.max(...(await Promise.all(asked)));
  }

  /** The archive lags behind the log, and the log forgets what the archive keeps. */
  async lastBefore(
    subjects: readonly string[],
    sequence: number,
  ): Promise<ReadonlyMap<string, StoredMessage>> {
    const asked = this.sources.map((source) => source.lastBefore(subjects, sequence));
    const last = new Map<string, StoredMessage>();
    for (const message of (await Promise.all(asked)).flat()) {
      const other = last.get(message.subject);
      if (other === undefined || other.sequence < message.sequence) {
        last.set(message.subject, message);
      }
    }
    return last;
  }

  async firstOf(subject: string): Promise<StoredMessage | undefined> {
    const all = await Promise.all(this.sources.map((source) => source.firstOf(subject)));
    return all
      .filter((message) => message !== undefined)
      .sort((one, other) => one.sequence - other.sequence)[0];
  }
}

import type { StoredMessage } from '#kernel';

/** A stream of stored messages, which exists and can be asked what stood in it at an earlier time. */
export interface PastSource {
  /** Every subject that has messages now. */
  subjects(): Promise<readonly string[]>;
  /** The last messages of subjects that were stored before an instant (epoch ms), in any order. */
  lastUntil(subjects: readonly string[], until: number): Promise<readonly StoredMessage[]>;
  /** The last message of a subject before a sequence; undefined where there is none. */
  lastBefore(subject: string, sequence: number): Promise<StoredMessage | undefined>;
  /** The first message that is kept of a subject; undefined where there is none. */
  firstOf(subject: string): Promise<StoredMessage | undefined>;
}

/** Several streams that keep the same events, with the same sequences: a log and its archive. */
export class PastSources implements PastSource {
  constructor(private readonly sources: readonly PastSource[]) {}

  async subjects(): Promise<readonly string[]> {
    const all = await Promise.all(this.sources.map((source) => source.subjects()));
    return [...new Set(all.flat())].sort();
  }

  /** The archive lags behind the log, and the log forgets what the archive keeps. */
  async lastUntil(subjects: readonly string[], until: number): Promise<readonly StoredMessage[]> {
    const all = await Promise.all(this.sources.map((source) => source.lastUntil(subjects, until)));
    const last = new Map<string, StoredMessage>();
    for (const message of all.flat()) {
      const other = last.get(message.subject);
      if (other === undefined || other.sequence < message.sequence) {
        last.set(message.subject, message);
      }
    }
    return [...last.values()];
  }

  async lastBefore(subject: string, sequence: number): Promise<StoredMessage | undefined> {
    const ask = (source: PastSource) => source.lastBefore(subject, sequence);
    return bySequence(await Promise.all(this.sources.map(ask))).at(-1);
  }

  async firstOf(subject: string): Promise<StoredMessage | undefined> {
    return bySequence(await Promise.all(this.sources.map((source) => source.firstOf(subject))))[0];
  }
}

function bySequence(messages: readonly (StoredMessage | undefined)[]): readonly StoredMessage[] {
  return messages
    .filter((message) => message !== undefined)
    .sort((one, other) => one.sequence - other.sequence);
}

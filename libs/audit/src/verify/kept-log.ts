import type { StoredMessage } from '#kernel';

/** A stream of stored messages: the log, or the archive. */
export interface StoredSource {
  /** Undefined where there is no such stream; sequences of an empty one are 0. */
  extent(): Promise<{ first: number; last: number; createdAt: number } | undefined>;
  /** Every message after a sequence, up to the end as it is now, as many at a time as come. */
  read(after: number): AsyncIterable<readonly StoredMessage[]>;
  /** The body of the message at a sequence; undefined where there is none. */
  body(sequence: number): Promise<Uint8Array | undefined>;
}

/** All that is kept of a region's events. */
export interface KeptLog {
  /** From this instant on (epoch ms) nothing may be missing; `Infinity`: anything may. */
  readonly wholeSince: number;
  /** Sequence of the last event. */
  readonly last: number;
  /** Every message after a sequence, in order, as many at a time as come. */
  read(after: number): AsyncIterable<readonly StoredMessage[]>;
  /** The body of the message at a sequence; undefined where there is none. */
  body(sequence: number): Promise<Uint8Array | undefined>;
}

/**
 * The archive as far as it goes, which is a moment behind, then the log: what an archive has, nothing
 * may be missing from, while a log forgets. Empty where there is neither.
 */
export async function keptLog(log: StoredSource, archive: StoredSource): Promise<KeptLog> {
  const [ofLog, ofArchive] = await Promise.all([log.extent(), archive.extent()]);
  return {
    wholeSince: ofArchive?.createdAt ?? Infinity,
    last: Math.max(ofLog?.last ?? 0, ofArchive?.last ?? 0),
    async body(sequence) {
      const inLog = ofLog === undefined ? undefined : await log.body(sequence);
      return inLog ?? (ofArchive === undefined ? undefined : archive.body(sequence));
    },
    async *read(after) {
      let last = after;
      if (ofArchive !== undefined) {
        for await (const messages of archive.read(last)) {
          yield messages;
          last = messages.at(-1)?.sequence ?? last;
        }
      }
      if (ofLog !== undefined) yield* log.read(last);
    },
  };
}

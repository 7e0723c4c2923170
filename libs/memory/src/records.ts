import { matches } from '#wire';

/**
 * A stored message as bytes, like on a real server, so that unparsable messages can be stored too.
 */
export interface Stored {
  readonly subject: string;
  /** Its place in the log, from 1. */
  readonly sequence: number;
  /** When it was stored (epoch ms). */
  readonly at: number;
  readonly body: Uint8Array;
}

/** All stored messages in order, and the last message of each subject. */
export class Records {
  /** By sequence minus one. A forgotten message leaves a gap. */
  private readonly all: (Stored | undefined)[] = [];
  private readonly lastOf = new Map<string, Stored>();

  get lastSequence(): number {
    return this.all.length;
  }

  add(subject: string, body: Uint8Array, at: number): Stored {
    const stored = { subject, sequence: this.all.length + 1, at, body };
    this.all.push(stored);
    this.lastOf.set(subject, stored);
    return stored;
  }

  /** Removes everything after a sequence. */
  cut(last: number): void {
    this.all.length = last;
    this.lastOf.clear();
    for (const stored of this.stored()) this.lastOf.set(stored.subject, stored);
  }

  at(sequence: number): Stored | undefined {
    return this.all[sequence - 1];
  }

  /** The first message after a sequence. */
  next(sequence: number): Stored | undefined {
    for (let index = sequence; index < this.all.length; index += 1) {
      const stored = this.all[index];
      if (stored !== undefined) return stored;
    }
    return undefined;
  }

  last(subject: string): Stored | undefined {
    return this.lastOf.get(subject);
  }

  /** The last message of each matching subject, in the order of the log. */
  present(filter: string): readonly Stored[] {
    return [...this.lastOf.values()]
      .filter(({ subject }) => matches(filter, subject))
      .sort((a, b) => a.sequence - b.sequence);
  }

  read(filter: string): readonly Stored[] {
    return this.stored().filter(({ subject }) => matches(filter, subject));
  }

  /** Removes a subject's messages up to and including sequence `last`. */
  forget(subject: string, last: number): void {
    for (const stored of this.stored()) {
      if (stored.sequence > last) break;
      if (stored.subject === subject) this.all[stored.sequence - 1] = undefined;
    }
    if ((this.lastOf.get(subject)?.sequence ?? Infinity) <= last) this.lastOf.delete(subject);
  }

  private stored(): readonly Stored[] {
    return this.all.filter((stored) => stored !== undefined);
  }
}

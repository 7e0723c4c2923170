import { matches } from './subject.js';

/** A stored message: bytes, as on a real server, so that what cannot be parsed can be stored too. */
export interface Stored {
  readonly subject: string;
  /** Its place in the log, from 1. */
  readonly sequence: number;
  /** When it was stored (epoch ms). */
  readonly at: number;
  readonly body: Uint8Array;
}

/** What has been stored, in order, and the last message of each subject. */
export class Records {
  readonly #all: Stored[] = [];
  readonly #last = new Map<string, Stored>();

  get lastSequence(): number {
    return this.#all.length;
  }

  add(subject: string, body: Uint8Array, at: number): Stored {
    const stored = { subject, sequence: this.#all.length + 1, at, body };
    this.#all.push(stored);
    this.#last.set(subject, stored);
    return stored;
  }

  at(sequence: number): Stored | undefined {
    return this.#all[sequence - 1];
  }

  last(subject: string): Stored | undefined {
    return this.#last.get(subject);
  }

  /** The last message of each subject that matches, in order. */
  present(filter: string): readonly Stored[] {
    return [...this.#last.values()]
      .filter(({ subject }) => matches(filter, subject))
      .sort((a, b) => a.sequence - b.sequence);
  }

  read(filter: string): readonly Stored[] {
    return this.#all.filter(({ subject }) => matches(filter, subject));
  }
}

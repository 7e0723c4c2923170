import type { StoredOutcome } from './request-queue.js';

/** The halves of keys, and who had which of them destroyed, each under its own sequence. */
export abstract class KeyStore {
  /** Resolves with the sequence once it is stored. Throws `TransientError` or `LogRefused`. */
  abstract add(subject: string, body: Uint8Array): Promise<number>;

  /** Undefined if it was erased. Throws `TransientError` or `LogRefused`. */
  abstract at(sequence: number): Promise<Uint8Array | undefined>;

  /** The last of a subject. Throws `TransientError` or `LogRefused`. */
  abstract last(subject: string): Promise<Uint8Array | undefined>;

  /** The earliest `most` of a subject after a sequence. Throws `TransientError` or `LogRefused`. */
  abstract list(filter: string, after: number, most: number): Promise<readonly StoredOutcome[]>;

  /**
   * Overwrites it in the store's file; doing so twice is no error. Throws `TransientError` or
   * `LogRefused`.
   */
  abstract erase(sequence: number): Promise<void>;
}

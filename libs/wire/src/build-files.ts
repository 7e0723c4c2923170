/** A stored file does not match its digest: it was damaged in the store or on the way. */
export class FileDamaged extends Error {
  override readonly name = 'FileDamaged';

  constructor(readonly digest: string) {
    super(`the stored file ${digest} does not match its digest; push its build again`);
  }
}

/** No file with this digest is stored. */
export class FileMissing extends Error {
  override readonly name = 'FileMissing';

  constructor(readonly digest: string) {
    super(`no file ${digest} is stored; push its build again`);
  }
}

/** Called after each piece with the number of bytes transferred so far. */
export type Progress = (bytes: number) => void;

/**
 * A region's files, each under the SHA-256 (64 hex digits) of its content, so that a file which
 * several builds share is stored once. A manifest is stored like any other file.
 */
export abstract class BuildFiles {
  /** Throws `TransientError`. */
  abstract has(digest: string): Promise<boolean>;

  /**
   * Resolves once the whole file is stored. A file that exists already is stored again.
   *
   * @throws {FileDamaged} the content has another digest; nothing of it is kept.
   * @throws {TransientError | LogRefused}
   */
  abstract put(
    digest: string,
    content: AsyncIterable<Uint8Array>,
    progress?: Progress,
  ): Promise<void>;

  /**
   * The content in pieces, as fast as the reader takes them. The digest is checked at the end: a
   * reader must discard everything if the iteration ends with an error.
   *
   * @throws {FileMissing | FileDamaged} while it is read.
   * @throws {TransientError} while it is read: try again.
   */
  abstract get(digest: string, progress?: Progress): AsyncIterable<Uint8Array>;

  /** Does nothing if there is no such file. Throws `TransientError` or `LogRefused`. */
  abstract delete(digest: string): Promise<void>;
}

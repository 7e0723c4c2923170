/** A stored file is not what its digest says: it was damaged where it is kept, or on the way. */
export class FileDamaged extends Error {
  override readonly name = 'FileDamaged';

  constructor(readonly digest: string) {
    super(`the stored file ${digest} is not what its digest says; push its build again`);
  }
}

/** No file with this digest is stored. */
export class FileMissing extends Error {
  override readonly name = 'FileMissing';

  constructor(readonly digest: string) {
    super(`no file ${digest} is stored; push its build again`);
  }
}

/** Told after each piece how many bytes of the file have gone over so far. */
export type Progress = (bytes: number) => void;

/**
 * A region's files, each under the SHA-256 (64 hex digits) of its content, so that files which
 * builds have in common are kept once. A manifest is a file as others are.
 */
export abstract class BuildFiles {
  /** Throws `TransientError`. */
  abstract has(digest: string): Promise<boolean>;

  /**
   * Resolves once it is stored whole. What is there already is stored anew.
   *
   * @throws {FileDamaged} the content has another digest; nothing is kept of it.
   * @throws {TransientError | LogRefused}
   */
  abstract put(
    digest: string,
    content: AsyncIterable<Uint8Array>,
    progress?: Progress,
  ): Promise<void>;

  /**
   * The content in pieces, as fast as they are taken. Only its end says that all of it was right: a
   * reader keeps nothing of what ended with an error.
   *
   * @throws {FileMissing | FileDamaged} while it is read.
   * @throws {TransientError} while it is read: try again.
   */
  abstract get(digest: string, progress?: Progress): AsyncIterable<Uint8Array>;

  /** Does nothing where there is no such file. Throws `TransientError` or `LogRefused`. */
  abstract delete(digest: string): Promise<void>;
}

import { BuildFiles, FileDamaged, FileMissing, type Progress } from '#wire';
import { createHash } from 'node:crypto';

/** The build files, in memory. */
export class MemoryBuildFiles extends BuildFiles {
  private readonly files = new Map<string, Uint8Array>();

  /** The digests of all stored files. */
  get digests(): readonly string[] {
    return [...this.files.keys()];
  }

  has(digest: string): Promise<boolean> {
    return Promise.resolve(this.files.has(digest));
  }

  async put(
    digest: string,
    content: AsyncIterable<Uint8Array>,
    progress?: Progress,
  ): Promise<void> {
    const pieces: Uint8Array[] = [];
    for await (const piece of content) pieces.push(piece);
    const whole = Buffer.concat(pieces);
    if (digestOf(whole) !== digest) throw new FileDamaged(digest);
    progress?.(whole.length);
    this.files.set(digest, whole);
  }

  async *get(digest: string, progress?: Progress): AsyncGenerator<Uint8Array, void> {
    const file = await Promise.resolve(this.files.get(digest));
    if (file === undefined) throw new FileMissing(digest);
    progress?.(file.length);
    yield file;
    if (digestOf(file) !== digest) throw new FileDamaged(digest);
  }

  delete(digest: string): Promise<void> {
    this.files.delete(digest);
    return Promise.resolve();
  }

  /** Simulates a broken disk: other bytes under the same digest. */
  damage(digest: string): void {
    this.files.set(digest, new Uint8Array([0]));
  }
}

function digestOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

import type { ManifestFile } from '#build';
import { errorMessage, TransientError, type Clock } from '#kernel';
import type { Logger } from '#service-runtime';
import { FileDamaged, type BuildFiles } from '#wire';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** How many times a file that arrives damaged is fetched in all. */
const TRIES_MAX = 2;

/** Mask that removes the permission to write: games share the files. */
const NO_WRITING = 0o555;

export const TOO_LATE = 'it was not fetched in time';

/** One fetch of a build's files. */
export interface Fetching {
  /** Epoch ms; the fetch fails at this time. */
  readonly until: number;
  /** Called with the number of bytes that have arrived. */
  readonly arrived: (bytes: number) => void;
}

/**
 * Files named by the digest of their content and by their permissions, so that builds share equal
 * files. A file appears under its name only after it has been fetched completely.
 */
export class FileStore {
  private readonly underWay = new Map<string, Promise<string>>();
  /** Names of the files whose content was verified since the agent started. */
  private readonly known = new Set<string>();

  private constructor(
    private readonly folder: string,
    private readonly source: BuildFiles,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly isShared: boolean,
  ) {}

  /** @param isShared whether other users than the agent's read the files; who may is up to trees */
  static async open(
    folder: string,
    source: BuildFiles,
    { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
    isShared = false,
  ) {
    await mkdir(folder, { recursive: true, ...(isShared && { mode: 0o700 }) });
    // An agent that was killed during a fetch leaves `.new` files behind.
    for (const name of await readdir(folder)) {
      if (name.endsWith('.new')) await rm(join(folder, name), { force: true });
    }
    return new FileStore(folder, source, clock, logger, isShared);
  }

  /** Total size of all files in the store, in bytes. */
  async bytes(): Promise<number> {
    let bytes = 0;
    for (const name of await readdir(this.folder)) {
      bytes += (await stat(join(this.folder, name)).catch(() => null))?.size ?? 0;
    }
    return bytes;
  }

  /** Total size of those of `files` that are not in the store, in bytes. */
  async missing(files: readonly ManifestFile[]): Promise<number> {
    const here = new Set(await readdir(this.folder));
    const missing = new Map(files.map((file) => [this.nameOf(file), file.size] as const));
    for (const name of missing.keys()) if (here.has(name)) missing.delete(name);
    return [...missing.values()].reduce((sum, size) => sum + size, 0);
  }

  /**
   * Returns the path of a verified file. Calls for the same file share one fetch. Throws
   * `TransientError`.
   */
  obtain(file: ManifestFile, fetching: Fetching): Promise<string> {
    const name = this.nameOf(file);
    const waiting = this.underWay.get(name);
    if (waiting) return waiting;
    const obtaining = this.obtainOne(file, fetching).finally(() => this.underWay.delete(name));
    this.underWay.set(name, obtaining);
    return obtaining;
  }

  /** Removes a file whose content is wrong. */
  async refuse(file: ManifestFile): Promise<void> {
    const name = this.nameOf(file);
    this.logger.warn({ digest: file.digest }, 'refused a damaged file of a build');
    this.known.delete(name);
    await rm(join(this.folder, name), { force: true });
  }

  /** Removes files that no tree links to. Must not be called while a tree is being made. */
  async sweep(): Promise<void> {
    for (const name of await readdir(this.folder)) {
      const path = join(this.folder, name);
      const found = await stat(path).catch(() => null);
      if (found?.nlink !== 1) continue;
      this.known.delete(name);
      await rm(path, { force: true });
    }
  }

  private nameOf(file: ManifestFile): string {
    return `${file.digest}-${this.modeOf(file).toString(8)}`;
  }

  /** What the owner may do with a file that is shared, everybody may: the tree is closed to others. */
  private modeOf({ mode }: ManifestFile): number {
    const shared = this.isShared ? ((mode & 0o700) >> 6) * 0o111 : mode;
    return shared & NO_WRITING;
  }

  private async obtainOne(file: ManifestFile, fetching: Fetching): Promise<string> {
    const name = this.nameOf(file);
    const path = join(this.folder, name);
    const found = await stat(path).catch(() => null);
    if (found !== null) {
      const isRight = this.known.has(name) || (await isWhole(path, file));
      if (isRight) fetching.arrived(file.size);
      else await this.refuse(file);
    }
    if (!(await exists(path))) await this.fetch(file, path, fetching);
    this.known.add(name);
    return path;
  }

  private async fetch(file: ManifestFile, path: string, fetching: Fetching): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.fetchOnce(file, path, fetching);
      } catch (error) {
        await rm(`${path}.new`, { force: true });
        if (!(error instanceof FileDamaged) || tries >= TRIES_MAX) throw inWords(error);
        this.logger.warn({ digest: file.digest }, 'a file arrived damaged: fetched again');
      }
    }
  }

  private async fetchOnce(
    file: ManifestFile,
    path: string,
    { until, arrived }: Fetching,
  ): Promise<void> {
    const target = await open(`${path}.new`, 'w', 0o600);
    try {
      for await (const piece of this.source.get(file.digest)) {
        if (this.clock.now() >= until) throw new TransientError(TOO_LATE);
        await target.writeFile(piece);
        arrived(piece.length);
      }
    } finally {
      await target.close();
    }
    await chmod(`${path}.new`, this.modeOf(file));
    await rename(`${path}.new`, path);
  }
}

/** Whether the file has the size and the digest that the manifest says. */
export async function isWhole(path: string, { size, digest }: ManifestFile): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (found?.size !== size) return false;
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest('hex') === digest;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

function inWords(error: unknown): Error {
  if (error instanceof TransientError) return error;
  const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC';
  const what = isFull ? 'the disk is full' : errorMessage(error);
  return new TransientError(`one of its files failed: ${what}`, { cause: error });
}

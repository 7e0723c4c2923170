import type { ManifestFile } from '#build';
import { errorMessage, TransientError, type Clock } from '#kernel';
import type { Logger } from '#service-runtime';
import { FileDamaged, type BuildFiles } from '#wire';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** How often a file is fetched that arrives damaged. */
const TRIES_MAX = 2;

/** Games share the files: nobody writes to them. */
const NO_WRITING = 0o555;

export const TOO_LATE = 'it was not fetched in time';

/** One fetching, of perhaps many files. */
export interface Fetching {
  /** Epoch ms; nothing is fetched after it. */
  readonly until: number;
  /** Told of bytes as they arrive. */
  readonly arrived: (bytes: number) => void;
}

/**
 * Files under the digest of what they hold and their permissions, so that builds share what they
 * have in common. What is here was whole when it came.
 */
export class FileStore {
  private readonly underWay = new Map<string, Promise<string>>();
  /** Those whose content was seen to be right in this life of the agent. */
  private readonly known = new Set<string>();

  private constructor(
    private readonly folder: string,
    private readonly source: BuildFiles,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  static async open(folder: string, source: BuildFiles, clock: Clock, logger: Logger) {
    await mkdir(folder, { recursive: true });
    // Left by an agent that was killed while it fetched.
    for (const name of await readdir(folder)) {
      if (name.endsWith('.new')) await rm(join(folder, name), { force: true });
    }
    return new FileStore(folder, source, clock, logger);
  }

  /** Bytes of all files. */
  async bytes(): Promise<number> {
    let bytes = 0;
    for (const name of await readdir(this.folder)) {
      bytes += (await stat(join(this.folder, name)).catch(() => null))?.size ?? 0;
    }
    return bytes;
  }

  /** Bytes of those that are not here. */
  async missing(files: readonly ManifestFile[]): Promise<number> {
    const here = new Set(await readdir(this.folder));
    const missing = new Map(files.map((file) => [nameOf(file), file.size] as const));
    for (const name of missing.keys()) if (here.has(name)) missing.delete(name);
    return [...missing.values()].reduce((sum, size) => sum + size, 0);
  }

  /** Path of a file that is what it should be. Throws `TransientError`; what others fetch is awaited. */
  obtain(file: ManifestFile, fetching: Fetching): Promise<string> {
    const name = nameOf(file);
    const waiting = this.underWay.get(name);
    if (waiting) return waiting;
    const obtaining = this.obtainOne(file, fetching).finally(() => this.underWay.delete(name));
    this.underWay.set(name, obtaining);
    return obtaining;
  }

  /** Says that a file is not what it should be. */
  async refuse(file: ManifestFile): Promise<void> {
    const name = nameOf(file);
    this.logger.warn({ digest: file.digest }, 'refused a damaged file of a build');
    this.known.delete(name);
    await rm(join(this.folder, name), { force: true });
  }

  /** Removes what no tree has a link to. To be called while no tree is being made. */
  async sweep(): Promise<void> {
    for (const name of await readdir(this.folder)) {
      const path = join(this.folder, name);
      const found = await stat(path).catch(() => null);
      if (found?.nlink !== 1) continue;
      this.known.delete(name);
      await rm(path, { force: true });
    }
  }

  private async obtainOne(file: ManifestFile, fetching: Fetching): Promise<string> {
    const name = nameOf(file);
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
    { digest, mode }: ManifestFile,
    path: string,
    { until, arrived }: Fetching,
  ): Promise<void> {
    const target = await open(`${path}.new`, 'w', 0o600);
    try {
      for await (const piece of this.source.get(digest)) {
        if (this.clock.now() >= until) throw new TransientError(TOO_LATE);
        await target.writeFile(piece);
        arrived(piece.length);
      }
    } finally {
      await target.close();
    }
    await chmod(`${path}.new`, mode & NO_WRITING);
    await rename(`${path}.new`, path);
  }
}

/** Whether a file holds what its digest says. */
export async function isWhole(path: string, { size, digest }: ManifestFile): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (found?.size !== size) return false;
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest('hex') === digest;
}

function nameOf({ digest, mode }: ManifestFile): string {
  return `${digest}-${(mode & NO_WRITING).toString(8)}`;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

function inWords(error: unknown): Error {
  if (error instanceof TransientError) return error;
  const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC';
  const what = isFull ? 'the disk is full' : errorMessage(error);
  return new TransientError(`a file of the build was not to be had: ${what}`, { cause: error });
}

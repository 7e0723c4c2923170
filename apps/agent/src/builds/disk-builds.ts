import { type BuildConfiguration, type BuildVersion, manifest, type Manifest } from '#build';
import { errorMessage, TransientError, type Clock } from '#kernel';
import type { Logger } from '#service-runtime';
import { decodeJson, type BuildFiles } from '#wire';
import { mkdir, readdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Builds, type Installed } from './builds.js';
import { keyOf } from './catalogue-file.js';
import type { BuildName, Catalogue } from './catalogue.js';
import { located } from './executable.js';
import { FileStore, TOO_LATE, type Fetching } from './file-store.js';
import { progressOf } from './progress.js';
import { Tree } from './tree.js';

/** Of a manifest, which names 100,000 files at most. */
const MANIFEST_BYTES_MAX = 64 * 1024 * 1024;

/** What is left free on the disk, for logs and records. */
const SPARE_BYTES = 64 * 1024 * 1024;

export interface DiskBuildsSettings {
  /** Absolute. */
  readonly folder: string;
  /** Of all builds that are kept although nobody needs them now. */
  readonly bytesMax: number;
  /** For one build to be fetched. */
  readonly fetchMs: number;
  /** Whether files are read wholly before their first use, or looked at in size and time. */
  readonly verify: 'quick' | 'full';
}

export interface DiskBuildsDeps {
  readonly catalogue: Catalogue;
  readonly files: BuildFiles;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Builds in a folder: `files` by their digests, `trees` by the digests of their manifests. */
export class DiskBuilds extends Builds {
  private readonly installing = new Map<string, Promise<void>>();
  /** Trees that were looked at in this life of the agent, and the builds they are known as. */
  private readonly verified = new Map<string, Set<string>>();
  private readonly kept = new Map<string, readonly BuildName[]>();
  private sweeping: Promise<void> = Promise.resolve();
  /** Of all files when they were counted last, and of those that were to come. */
  private bytes = Infinity;

  private constructor(
    private readonly settings: DiskBuildsSettings,
    private readonly deps: DiskBuildsDeps,
    private readonly trees: string,
    private readonly store: FileStore,
  ) {
    super();
  }

  static async open(settings: DiskBuildsSettings, deps: DiskBuildsDeps): Promise<DiskBuilds> {
    const trees = join(settings.folder, 'trees');
    await mkdir(trees, { recursive: true });
    const files = join(settings.folder, 'files');
    const store = await FileStore.open(files, deps.files, deps.clock, deps.logger);
    return new DiskBuilds(settings, deps, trees, store);
  }

  async install(configuration: BuildConfiguration): Promise<Installed> {
    const { build } = configuration;
    const folder = build === null ? null : await this.folderOf(build);
    return { executable: await located(configuration, folder), folder };
  }

  keep(slot: string, builds: readonly BuildName[]): void {
    const before = this.kept.get(slot) ?? [];
    this.kept.set(slot, builds);
    const isLetGo = before.some((build) => !builds.some((kept) => isSame(build, kept)));
    if (!isLetGo || this.installing.size > 0 || this.bytes <= this.settings.bytesMax) return;
    void this.makeRoom(0).catch((error: unknown) => {
      this.deps.logger.warn({ error: errorMessage(error) }, 'builds were not removed');
    });
  }

  private async folderOf(name: BuildName): Promise<string> {
    const build = keyOf(name.name, name.version);
    const version = this.deps.catalogue.build(name);
    if (version === null) throw new TransientError(`build ${build} is not known in this region`);
    const tree = new Tree(this.trees, version.manifest, this.store);
    try {
      await this.provide(tree, build, version);
      await this.use(tree, build);
    } catch (error) {
      const reason = `build ${build} is not to be had: ${errorMessage(error)}`;
      throw new TransientError(reason, { cause: error });
    }
    return tree.folder;
  }

  /** One fetching for all who need it. */
  private provide(tree: Tree, build: string, version: BuildVersion): Promise<void> {
    const { digest } = tree;
    if (this.verified.has(digest)) return Promise.resolve();
    const waiting = this.installing.get(digest);
    if (waiting) return waiting;
    const { clock, logger } = this.deps;
    const arrived = progressOf({ build, bytes: version.bytes }, clock, logger);
    const fetching = { until: clock.now() + this.settings.fetchMs, arrived };
    const providing = this.provideTree(tree, build, version, fetching)
      .then(() => void this.verified.set(digest, new Set()))
      .finally(() => this.installing.delete(digest));
    this.installing.set(digest, providing);
    return providing;
  }

  /** What is written down of a large build takes a while to read: once for each of its names. */
  private async use(tree: Tree, build: string): Promise<void> {
    const names = this.verified.get(tree.digest);
    if (!names?.has(build)) tree.addName(build);
    names?.add(build);
    await tree.touch(this.deps.clock.now());
  }

  private async provideTree(tree: Tree, build: string, version: BuildVersion, fetching: Fetching) {
    const known = tree.read();
    if (known !== null) {
      const mended = await tree.mend(known, this.settings.verify === 'full', fetching);
      if (mended > 0) this.deps.logger.warn({ build, mended }, 'mended a damaged build');
      return;
    }
    const files = await this.manifestOf(version.manifest, fetching.until);
    await this.makeRoom(await this.store.missing(files.files));
    await tree.make(build, files, fetching);
    this.deps.logger.info({ build, files: version.files, bytes: version.bytes }, 'has a build');
  }

  private async manifestOf(digest: string, until: number): Promise<Manifest> {
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of this.deps.files.get(digest)) {
      if (this.deps.clock.now() >= until) throw new TransientError(TOO_LATE);
      pieces.push(piece);
      bytes += piece.length;
      if (bytes > MANIFEST_BYTES_MAX) throw new TransientError('its manifest is too long');
    }
    return decodeJson(manifest, Buffer.concat(pieces));
  }

  /** Removes what nobody needs, the longest unused first, until so much more fits. */
  private makeRoom(bytes: number): Promise<void> {
    const making = this.sweeping.then(() => this.sweep(bytes));
    this.sweeping = making.catch(() => undefined);
    return making;
  }

  private async sweep(bytes: number): Promise<void> {
    const { bytesMax, folder } = this.settings;
    // What another build is being made of has no link yet: it would be taken for a leftover.
    if (this.installing.size <= 1) {
      await this.store.sweep();
      for (const tree of await this.unneeded()) {
        const fits = (await this.store.bytes()) + bytes <= bytesMax;
        if (fits && (await freeBytes(folder)) >= bytes + SPARE_BYTES) break;
        await this.removeTree(tree);
      }
    }
    this.bytes = (await this.store.bytes()) + bytes;
    const free = await freeBytes(folder);
    if (bytes === 0 || free >= bytes + SPARE_BYTES) return;
    throw new TransientError(`the disk has ${free} bytes free, and ${bytes} more are needed`);
  }

  private async removeTree(tree: Tree): Promise<void> {
    this.deps.logger.info({ builds: tree.read()?.builds }, 'removes a build that nobody needs');
    this.verified.delete(tree.digest);
    await tree.remove();
    await this.store.sweep();
  }

  /** The longest unused first. */
  private async unneeded(): Promise<readonly Tree[]> {
    const needed = new Set([...this.kept.values()].flat().map((b) => keyOf(b.name, b.version)));
    const found: { tree: Tree; usedAt: number }[] = [];
    for (const name of await readdir(this.trees)) {
      if (!name.endsWith('.json')) continue;
      const tree = new Tree(this.trees, name.slice(0, -'.json'.length), this.store);
      const isNeeded = tree.read()?.builds.some((build) => needed.has(build));
      if (!isNeeded && !this.installing.has(tree.digest)) {
        found.push({ tree, usedAt: await tree.usedAt() });
      }
    }
    return found.sort((one, other) => one.usedAt - other.usedAt).map(({ tree }) => tree);
  }
}

function isSame(one: BuildName, other: BuildName): boolean {
  return one.name === other.name && one.version === other.version;
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

import type { BuildConfiguration, BuildVersion, Manifest } from '#build';
import { errorMessage, TransientError, type Clock } from '#kernel';
import type { Logger } from '#service-runtime';
import { storedManifest, type BuildFiles } from '#wire';
import { readdirSync } from 'node:fs';
import { chmod, mkdir, readdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { IdRange } from '../machine/game-users.js';
import { Builds, type Installed } from './builds.js';
import { keyOf } from './catalogue-file.js';
import type { BuildName, Catalogue } from './catalogue.js';
import { located } from './executable.js';
import { FileStore, TOO_LATE, type Fetching } from './file-store.js';
import { progressOf } from './progress.js';
import { Tree } from './tree.js';

/** Bytes of the disk that builds leave free, for logs and records. */
const SPARE_BYTES = 64 * 1024 * 1024;

export interface DiskBuildsSettings {
  /** Absolute path. */
  readonly folder: string;
  /** Most bytes of all builds together; beyond that, builds that no slot needs are removed. */
  readonly bytesMax: number;
  /** How long the fetch of one build may take. */
  readonly fetchMs: number;
  /**
   * How files are checked before their first use: `full` reads them, `quick` compares size and
   * time.
   */
  readonly verify: 'quick' | 'full';
  /**
   * Groups for builds, if games run as users of their own: a game is in the group of its build, and
   * reads that one alone. Null: games run as the agent's user.
   */
  readonly groups: IdRange | null;
}

export interface DiskBuildsDeps {
  readonly catalogue: Catalogue;
  readonly files: BuildFiles;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Builds in a folder: `files` are named by their digests, `trees` by the digests of their
 * manifests.
 */
export class DiskBuilds extends Builds {
  private readonly installing = new Map<string, Promise<void>>();
  /**
   * Digests of the trees that were checked since the agent started, each with the builds it is
   * known as.
   */
  private readonly verified = new Map<string, Set<string>>();
  private readonly kept = new Map<string, readonly BuildName[]>();
  private sweeping: Promise<void> = Promise.resolve();
  /** Bytes of all files at the last count, with those that were then still to be fetched. */
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
    const isShared = settings.groups !== null;
    if (isShared) for (const folder of [settings.folder, trees]) await chmod(folder, 0o711);
    const store = await FileStore.open(join(settings.folder, 'files'), deps.files, deps, isShared);
    return new DiskBuilds(settings, deps, trees, store);
  }

  async install(configuration: BuildConfiguration): Promise<Installed> {
    const { build } = configuration;
    const tree = build === null ? null : await this.treeOf(build);
    const folder = tree?.folder ?? null;
    const executable = await located(configuration, folder);
    const { groups } = this.settings;
    return { executable, folder, ...(tree && groups && { group: this.groupOf(tree, groups) }) };
  }

  keep(slot: string, builds: readonly BuildName[]): void {
    const before = this.kept.get(slot) ?? [];
    this.kept.set(slot, builds);
    const isLetGo = before.some((build) => !builds.some((kept) => isSame(build, kept)));
    if (!isLetGo || this.installing.size > 0 || this.bytes <= this.settings.bytesMax) return;
    void this.makeRoom(0).catch((error: unknown) => {
      this.deps.logger.warn({ error: errorMessage(error) }, 'builds could not be removed');
    });
  }

  /** The tree's own group, from now on if it has none yet. Throws `TransientError`. */
  private groupOf(tree: Tree, { first, last }: IdRange): number {
    const digests = readdirSync(this.trees).filter((name) => !name.endsWith('.json'));
    const others = digests.filter((digest) => digest !== tree.digest);
    const taken = new Set(others.map((digest) => this.treeAt(digest).group));
    const isOwn = tree.group >= first && tree.group <= last && !taken.has(tree.group);
    let group = isOwn ? tree.group : first;
    while (!isOwn && taken.has(group)) group += 1;
    if (group > last) throw new TransientError('BERTH_GAME_USERS has no group left for a build');
    tree.giveTo(group);
    return group;
  }

  private treeAt(digest: string): Tree {
    return new Tree(this.trees, digest, this.store);
  }

  private async treeOf(name: BuildName): Promise<Tree> {
    const build = keyOf(name.name, name.version);
    const version = this.deps.catalogue.build(name);
    if (version === null) throw new TransientError(`build ${build} is not known in this region`);
    const tree = this.treeAt(version.manifest);
    try {
      await this.provide(tree, build, version);
      await this.use(tree, build);
    } catch (error) {
      const reason = `build ${build} could not be fetched: ${errorMessage(error)}`;
      throw new TransientError(reason, { cause: error });
    }
    return tree;
  }

  /** Callers that need the same tree share one fetch. */
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

  /**
   * Adds the build's name to the tree's note once for each name: the note of a large build is slow
   * to read.
   */
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
      if (mended > 0) this.deps.logger.warn({ build, mended }, 'repaired a damaged build');
      return;
    }
    const files = await this.manifestOf(version.manifest, fetching.until);
    await this.makeRoom(await this.store.missing(files.files));
    await tree.make(build, files, fetching);
    this.deps.logger.info({ build, files: version.files, bytes: version.bytes }, 'fetched a build');
  }

  private manifestOf(digest: string, until: number): Promise<Manifest> {
    return storedManifest(this.deps.files, digest, () => {
      if (this.deps.clock.now() >= until) throw new TransientError(TOO_LATE);
    });
  }

  /** Removes builds that no slot needs, the longest unused first, until `bytes` more fit. */
  private makeRoom(bytes: number): Promise<void> {
    const making = this.sweeping.then(() => this.sweep(bytes));
    this.sweeping = making.catch(() => undefined);
    return making;
  }

  private async sweep(bytes: number): Promise<void> {
    const { bytesMax, folder } = this.settings;
    // The files of a build that is being fetched have no link yet, so a sweep would delete them.
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
    this.deps.logger.info({ builds: tree.read()?.builds }, 'removing a build that no slot needs');
    this.verified.delete(tree.digest);
    await tree.remove();
    await this.store.sweep();
  }

  /** Sorted so that the longest unused comes first. */
  private async unneeded(): Promise<readonly Tree[]> {
    const needed = new Set([...this.kept.values()].flat().map((b) => keyOf(b.name, b.version)));
    const found: { tree: Tree; usedAt: number }[] = [];
    for (const name of await readdir(this.trees)) {
      if (!name.endsWith('.json')) continue;
      const tree = this.treeAt(name.slice(0, -'.json'.length));
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

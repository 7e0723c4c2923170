import { manifest, type Manifest, type ManifestFile } from '#build';
import { writeWhole, readJson } from '#slot-owner';
import { Unparsable } from '#kernel';
import { chmodSync, chownSync, statSync } from 'node:fs';
import { copyFile, link, mkdir, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { isWhole, type Fetching, type FileStore } from './file-store.js';

/** How many files are made, or checked, at the same time. */
const AT_A_TIME = 4;

/** The file that is written beside a tree once the tree is complete. */
const note = z.object({
  /** `name@version` of every build that has this manifest. */
  builds: z.array(z.string()),
  manifest,
  /** Path and modification time (ms) of each file when it was known to be correct. */
  changedAt: z.array(z.tuple([z.string(), z.number()])),
});
type Note = z.output<typeof note>;

/** One unpacked build: a folder of links into the file store, shared by all slots. */
export class Tree {
  readonly folder: string;
  private readonly notePath: string;

  constructor(
    parent: string,
    readonly digest: string,
    private readonly store: FileStore,
  ) {
    this.folder = join(parent, digest);
    this.notePath = join(parent, `${digest}.json`);
  }

  /** Null if the tree is not complete. */
  read(): Note | null {
    try {
      return readJson(this.notePath, note);
    } catch (error) {
      if (error instanceof Unparsable) return null;
      throw error;
    }
  }

  /** When the tree was last used (epoch ms); 0 if it has no note. */
  async usedAt(): Promise<number> {
    return (await stat(this.notePath).catch(() => null))?.mtimeMs ?? 0;
  }

  addName(build: string): void {
    const known = this.read();
    if (known === null || known.builds.includes(build)) return;
    this.write({ ...known, builds: [...known.builds, build] });
  }

  /** Records `now` (epoch ms) as the tree's last use. */
  async touch(now: number): Promise<void> {
    await utimes(this.notePath, now / 1_000, now / 1_000);
  }

  /**
   * Makes the tree from nothing. Until the note is written, the tree counts as missing. Throws
   * `TransientError`.
   */
  async make(build: string, { files }: Manifest, fetching: Fetching): Promise<void> {
    await this.remove();
    await eachOf(files, (file) => this.place(file, fetching));
    const changedAt = files.map(async ({ path }) => [path, await this.changedAt(path)] as const);
    const times = await Promise.all(changedAt);
    this.write({ builds: [build], manifest: { files }, changedAt: times.map((time) => [...time]) });
  }

  /**
   * Checks every file and replaces those whose content is wrong. Returns how many were replaced.
   *
   * @param wholly read every file; otherwise only those whose size or time has changed
   */
  async mend({ manifest: { files }, ...known }: Note, wholly: boolean, fetching: Fetching) {
    const changedAt = new Map(known.changedAt);
    let mended = 0;
    await eachOf(files, async (file) => {
      const path = join(this.folder, file.path);
      const found = await stat(path).catch(() => null);
      const isSame = found?.size === file.size && found.mtimeMs === changedAt.get(file.path);
      if ((isSame && !wholly) || (await isWhole(path, file))) return;
      mended += 1;
      await this.store.refuse(file);
      await this.place(file, fetching);
      changedAt.set(file.path, await this.changedAt(file.path));
    });
    if (mended > 0) this.write({ ...known, manifest: { files }, changedAt: [...changedAt] });
    return mended;
  }

  /** The group that the tree was given to; 0 if none was, or if there is no tree. */
  get group(): number {
    return statSync(this.folder, { throwIfNoEntry: false })?.gid ?? 0;
  }

  /** Lets members of the group read the files, and nobody else. */
  giveTo(group: number): void {
    chownSync(this.folder, 0, group);
    chmodSync(this.folder, 0o750);
  }

  /** Removes the note first, so that a half-removed tree counts as missing. */
  async remove(): Promise<void> {
    await rm(this.notePath, { force: true });
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Removes the old file before it links the new one: a game may be running that very file. */
  private async place(file: ManifestFile, fetching: Fetching): Promise<void> {
    const path = join(this.folder, file.path);
    const stored = await this.store.obtain(file, fetching);
    await mkdir(dirname(path), { recursive: true });
    await rm(path, { force: true });
    // Some file systems have no hard links.
    await link(stored, path).catch(() => copyFile(stored, path));
  }

  private async changedAt(path: string): Promise<number> {
    return (await stat(join(this.folder, path))).mtimeMs;
  }

  private write(text: Note): void {
    writeWhole(this.notePath, JSON.stringify(text));
  }
}

/** Works on `AT_A_TIME` items at once; begins no further item after an error. */
async function eachOf<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const left = [...items].reverse();
  const worker = async () => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await act(item);
  };
  const workers = Array.from({ length: AT_A_TIME }, () =>
    worker().catch((error: unknown) => {
      left.length = 0;
      throw error;
    }),
  );
  const outcomes = await Promise.allSettled(workers);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

import { manifest, type Manifest, type ManifestFile } from '#build';
import { writeWhole, readJson } from '#slot-owner';
import { Unparsable } from '#kernel';
import { copyFile, link, mkdir, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { isWhole, type Fetching, type FileStore } from './file-store.js';

/** Files that are made, or looked at, at once. */
const AT_A_TIME = 4;

/** What is written down of a tree once it is complete. */
const note = z.object({
  /** `name@version` of every build that is this one. */
  builds: z.array(z.string()),
  manifest,
  /** By path: when its file was changed last (ms), which a whole file has not been since. */
  changedAt: z.array(z.tuple([z.string(), z.number()])),
});
type Note = z.output<typeof note>;

/** One build, unpacked: a folder of links into the file store, shared by all slots. */
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

  /** Null where it is not complete. */
  read(): Note | null {
    try {
      return readJson(this.notePath, note);
    } catch (error) {
      if (error instanceof Unparsable) return null;
      throw error;
    }
  }

  /** When it was used last (epoch ms). */
  async usedAt(): Promise<number> {
    return (await stat(this.notePath).catch(() => null))?.mtimeMs ?? 0;
  }

  addName(build: string): void {
    const known = this.read();
    if (known === null || known.builds.includes(build)) return;
    this.write({ ...known, builds: [...known.builds, build] });
  }

  /** Says that it is in use. */
  async touch(now: number): Promise<void> {
    await utimes(this.notePath, now / 1_000, now / 1_000);
  }

  /** Throws `TransientError`. Until the note is written, nothing of it counts. */
  async make(build: string, { files }: Manifest, fetching: Fetching): Promise<void> {
    await this.remove();
    await eachOf(files, (file) => this.place(file, fetching));
    const changedAt = files.map(async ({ path }) => [path, await this.changedAt(path)] as const);
    const times = await Promise.all(changedAt);
    this.write({ builds: [build], manifest: { files }, changedAt: times.map((time) => [...time]) });
  }

  /**
   * Looks at every file, and puts others in place of those that are not what they should be.
   *
   * @param wholly reads them all; else only those that have changed in size or time
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

  /** The note goes first: half of a tree is none. */
  async remove(): Promise<void> {
    await rm(this.notePath, { force: true });
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Removed before it is made anew, since a game may be running that very file. */
  private async place(file: ManifestFile, fetching: Fetching): Promise<void> {
    const path = join(this.folder, file.path);
    const stored = await this.store.obtain(file, fetching);
    await mkdir(dirname(path), { recursive: true });
    await rm(path, { force: true });
    // Not every disk knows links.
    await link(stored, path).catch(() => copyFile(stored, path));
  }

  private async changedAt(path: string): Promise<number> {
    return (await stat(join(this.folder, path))).mtimeMs;
  }

  private write(text: Note): void {
    writeWhole(this.notePath, JSON.stringify(text));
  }
}

/** A few at once; after an error no more are begun. */
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

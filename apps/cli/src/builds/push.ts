import type { ManifestFile } from '#build';
import { buildAnswer, buildsAnswer } from '#http-api';
import { encodeJson, type NamedInRegion } from '#wire';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { ApiFailure, type Api } from '../operate/api.js';
import { queryOf } from '../operate/query.js';
import { Exclusion } from './exclusion.js';
import { digested, filesIn, FolderFailure, type FolderFile } from './folder.js';
import type { Meter } from './meter.js';
import { RegionFiles } from './region-files.js';

/** How many files are sent, or looked up, at the same time. */
const AT_ONCE = 4;

export interface WantedPush {
  readonly folder: string;
  /** Patterns of files that are left out, like those of a .gitignore. */
  readonly exclude: readonly string[];
  readonly reason: string;
  readonly by: string;
}

export interface Pushed {
  readonly version: number;
  readonly files: number;
  readonly bytes: number;
  /** How many files, and bytes, the store did not have yet. */
  readonly sentFiles: number;
  readonly sentBytes: number;
  /** Paths that were left out; a folder's path ends with a slash. */
  readonly leftOut: readonly string[];
  /** Patterns that left nothing out. */
  readonly idle: readonly string[];
}

/** One file to be stored, named by the digest of its content. */
interface Parcel {
  readonly digest: string;
  readonly size: number;
  readonly file: FolderFile;
}

/**
 * Stores those files of a folder that the store does not have, and makes the folder the next
 * version of a build. If the latest version has the same files, it remains the latest.
 *
 * @throws {FolderFailure | ApiFailure} with a message for the user
 */
export async function pushFolder(
  api: Api,
  { region, name }: NamedInRegion,
  { folder, exclude, ...why }: WantedPush,
  meter: Meter,
): Promise<Pushed> {
  const exclusion = new Exclusion(exclude);
  const found = await filesIn(folder, exclusion);
  const bytes = found.reduce((sum, { size }) => sum + size, 0);
  // Ask an allocator first: allocators create the store, because they know how many copies it
  // keeps.
  await api.get(`/v1/builds?${queryOf({ region, limit: 1 })}`, buildsAnswer);
  meter.begin('reading', bytes);
  const listed = await digested(found, (read) => meter.add(read));
  const path = `/v1/builds/${region}.${name}`;
  const store = new RegionFiles(api, path);
  const parcels = parcelsOf(listed, found);
  const missing = await without(store, parcels);
  const sentBytes = missing.reduce((sum, { size }) => sum + size, 0);
  meter.begin('sending', sentBytes);
  await send(store, missing, meter);
  const body = encodeJson({ files: listed });
  const digest = createHash('sha256').update(body).digest('hex');
  await store.put(digest, once(body));
  const pushed = { manifest: digest, files: listed.length, bytes, ...why };
  const { version } = await api.post(`${path}/versions`, pushed, buildAnswer);
  // If a version was removed meanwhile, files that this version needs may have gone with it.
  await send(store, await without(store, parcels), meter);
  if (!(await store.has(digest))) await store.put(digest, once(body));
  meter.end();
  const { leftOut, idle } = exclusion;
  const sent = { sentFiles: missing.length, sentBytes };
  return { version, files: listed.length, bytes, ...sent, leftOut, idle };
}

/** Files with the same content are sent once. */
function parcelsOf(
  listed: readonly ManifestFile[],
  found: readonly FolderFile[],
): readonly Parcel[] {
  const parcels = new Map<string, Parcel>();
  listed.forEach(({ digest, size }, index) => {
    const file = found[index];
    if (file !== undefined) parcels.set(digest, { digest, size, file });
  });
  return [...parcels.values()];
}

async function without(store: RegionFiles, parcels: readonly Parcel[]): Promise<readonly Parcel[]> {
  const missing: Parcel[] = [];
  await each(parcels, async (parcel) => {
    if (!(await store.has(parcel.digest))) missing.push(parcel);
  });
  return missing;
}

async function send(store: RegionFiles, parcels: readonly Parcel[], meter: Meter): Promise<void> {
  await each(parcels, async ({ digest, file }) => {
    let before = 0;
    try {
      await store.put(digest, createReadStream(file.place), (bytes) => {
        meter.add(bytes - before);
        before = bytes;
      });
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.code !== 'wrong-digest') throw error;
      throw new FolderFailure(`${file.path} has changed while it was read; push again`);
    }
  });
}

async function each<T>(items: readonly T[], action: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  const work = async () => {
    for (const item of left) await action(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield await Promise.resolve(body);
}

import { MANIFEST_FILES_MAX, manifest, type ManifestFile } from '#build';
import { parse } from '#wire';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { Exclusion } from './exclusion.js';

/** A folder cannot be pushed; `message` tells the user why. */
export class FolderFailure extends Error {
  override readonly name = 'FolderFailure';
}

/** One file of a folder. */
export interface FolderFile {
  /** Path within the folder, with slashes on every system. */
  readonly path: string;
  readonly place: string;
  readonly size: number;
  readonly mode: number;
}

/**
 * All files in a folder and its subfolders, sorted by path, except those that are left out. A link
 * to a file within the folder counts as that file.
 *
 * @throws {FolderFailure} if it is no folder, is empty, has too many files, or has a link that does
 * not lead to a file within it
 */
export async function filesIn(
  folder: string,
  exclusion = new Exclusion(),
): Promise<readonly FolderFile[]> {
  const found: FolderFile[] = [];
  const root = await realpath(folder).catch(() => {
    throw new FolderFailure(`there is no folder ${folder}`);
  });
  if (!(await stat(root)).isDirectory()) throw new FolderFailure(`${folder} is no folder`);
  await walk(root, '', exclusion, found);
  if (found.length === 0) {
    const butThose = exclusion.leftOut.length > 0 ? ' but those that are left out' : '';
    throw new FolderFailure(`${folder} holds no files${butThose}`);
  }
  return found.sort((one, other) => (one.path < other.path ? -1 : 1));
}

async function walk(
  root: string,
  within: string,
  exclusion: Exclusion,
  found: FolderFile[],
): Promise<void> {
  for (const name of (await readdir(join(root, within))).sort()) {
    const path = within === '' ? name : `${within}/${name}`;
    const place = join(root, path);
    const itself = await lstat(place);
    if (exclusion.leavesOut(itself.isDirectory() ? `${path}/` : path)) continue;
    if (itself.isDirectory()) {
      await walk(root, path, exclusion, found);
      continue;
    }
    if (itself.isSymbolicLink()) await requireWithin(root, place, path);
    const { size, mode } = await stat(place);
    found.push({ path, place, size, mode: mode & 0o777 });
    if (found.length > MANIFEST_FILES_MAX) {
      throw new FolderFailure(`a build has at most ${MANIFEST_FILES_MAX} files: pack some of them`);
    }
  }
}

/**
 * Throws `FolderFailure` unless the link leads to a file within the folder: files elsewhere on this
 * machine must not be pushed.
 */
async function requireWithin(root: string, place: string, path: string): Promise<void> {
  const target = await realpath(place).catch(() => undefined);
  const isFile = target?.startsWith(root + sep) === true && (await stat(target)).isFile();
  if (!isFile) {
    throw new FolderFailure(`${path} is a link, and not to a file in the folder: remove it`);
  }
}

/** Adds the digest to each file. `progress` gets the number of bytes read since its last call. */
export async function digested(
  files: readonly FolderFile[],
  progress: (bytes: number) => void,
): Promise<readonly ManifestFile[]> {
  const listed: ManifestFile[] = [];
  for (const { path, place, size, mode } of files) {
    const hash = createHash('sha256');
    for await (const piece of createReadStream(place) as AsyncIterable<Uint8Array>) {
      hash.update(piece);
      progress(piece.length);
    }
    listed.push({ path, size, mode, digest: hash.digest('hex') });
  }
  return parse(manifest, { files: listed }).files;
}

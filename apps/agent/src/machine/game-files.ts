import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';

/*
 * Files in a folder where a game's user may put what it likes: links and pipes too. None of them is
 * followed, so that no game makes the agent, which has more rights, write or read elsewhere.
 */

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR } = constants;

/** Longest text that is read of what a game's user can write, in bytes. */
const BYTES_MAX = 1_048_576;

/** Makes a folder of the user's, unless there is one; replaces anything else but a folder. */
export function makeFolder(path: string, user: number): void {
  try {
    closeSync(openOrMake(path, user));
  } catch {
    rmSync(path, { force: true });
    closeSync(openOrMake(path, user));
  }
}

/** Writes the text into the user's file unless it has it already; the file keeps its inode. */
export function writeInto(path: string, text: string, user: number): void {
  const bytes = Buffer.from(text);
  const file = openOwn(path, user) ?? createOwn(path, user, 0o600);
  try {
    const { size } = fstatSync(file);
    if (size === bytes.length && readFileSync(file).equals(bytes)) return;
    ftruncateSync(file);
    writeSync(file, bytes, 0, bytes.length, 0);
  } finally {
    closeSync(file);
  }
}

/** Null if there is no such file, or if it is none of the user's own. */
export function readOwn(path: string, user: number): string | null {
  const file = openOwn(path, user);
  if (file === null) return null;
  try {
    return fstatSync(file).size > BYTES_MAX ? null : readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

/**
 * Replaces a file by one of the user's with this text and these permissions. Folders on the way are
 * made.
 *
 * @param home the folder that `parts`, names of folders and of the file, lead on from
 */
export function replaceIn(
  home: string,
  parts: readonly string[],
  text: string,
  { mode, user }: { readonly mode: number; readonly user: number },
): void {
  within(home, parts, user, (path) => {
    rmSync(`${path}.new`, { force: true });
    const file = createOwn(`${path}.new`, user, mode);
    try {
      writeSync(file, text);
    } finally {
      closeSync(file);
    }
    renameSync(`${path}.new`, path);
  });
}

export function removeIn(home: string, parts: readonly string[], user: number): void {
  within(home, parts, user, (path) => rmSync(path, { force: true }));
}

/** Calls `act` with a path whose last part alone is still to be looked up. */
function within(
  home: string,
  parts: readonly string[],
  user: number,
  act: (path: string) => void,
): void {
  let folder = openFolder(home);
  try {
    for (const part of parts.slice(0, -1)) {
      const next = openOrMake(`/proc/self/fd/${folder}/${part}`, user);
      closeSync(folder);
      folder = next;
    }
    act(`/proc/self/fd/${folder}/${parts.at(-1) ?? ''}`);
  } finally {
    closeSync(folder);
  }
}

function openOrMake(path: string, user: number): number {
  try {
    return openFolder(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(path, { mode: 0o700 });
    const folder = openFolder(path);
    fchownSync(folder, user, user);
    return folder;
  }
}

function openFolder(path: string): number {
  return openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

/** Null unless it is a plain file of the user's with no second name. */
function openOwn(path: string, user: number): number | null {
  let file: number;
  try {
    file = openSync(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK);
  } catch {
    return null;
  }
  const found = fstatSync(file);
  if (found.isFile() && found.uid === user && found.nlink === 1) return file;
  closeSync(file);
  return null;
}

function createOwn(path: string, user: number, mode: number): number {
  rmSync(path, { force: true });
  const file = openSync(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  fchownSync(file, user, user);
  fchmodSync(file, mode);
  return file;
}

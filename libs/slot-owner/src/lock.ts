import { TransientError } from '#kernel';
import { readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { birthOf } from './birth.js';

/** Another agent owns the data folder, and lives. */
export class FolderTaken extends TransientError {
  override readonly name = 'FolderTaken';

  constructor(folder: string, pid: string) {
    super(`the data folder ${folder} belongs to the running agent with process id ${pid}`);
  }
}

const TRIES_MAX = 3;

/**
 * Makes this process the only agent on the folder, and returns what gives it up. The lock is a
 * symbolic link whose target names its owner: it is there whole or not at all. What a dead agent
 * left is moved away first, so that of two who find it only one can have moved it.
 */
export async function lockFolder(folder: string): Promise<() => void> {
  const link = join(folder, 'lock');
  const self = `${process.pid} ${await birthOf(process.pid)}`;
  for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
    if (placed(self, link)) return () => rmSync(link, { force: true });
    const owner = targetOf(link);
    const [pid = '', ...birth] = owner.split(' ');
    if ((await birthOf(Number(pid))) === birth.join(' ')) throw new FolderTaken(folder, pid);
    moveAway(link, owner, `${link}.${process.pid}`);
  }
  throw new TransientError(`the data folder ${folder} could not be locked`);
}

function placed(self: string, link: string): boolean {
  try {
    symlinkSync(self, link);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Somebody else may have taken the lock since it was read: theirs is put back. */
function moveAway(link: string, owner: string, aside: string): void {
  try {
    renameSync(link, aside);
  } catch {
    return;
  }
  const moved = targetOf(aside);
  rmSync(aside, { force: true });
  if (moved !== owner) placed(moved, link);
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}

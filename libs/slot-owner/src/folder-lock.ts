import { acquireLock, LockHeld } from '#folder-lock';
import { TransientError } from '#kernel';
import { join } from 'node:path';

/** A running agent owns the data folder. */
export class FolderTaken extends TransientError {
  override readonly name = 'FolderTaken';

  constructor(folder: string, pid: number) {
    super(`the data folder ${folder} belongs to the running agent with process id ${pid}`);
  }
}

/**
 * Makes this process the only agent on the folder. Returns a function that releases the folder.
 *
 * @throws {FolderTaken} if a running agent owns the folder
 */
export async function lockFolder(folder: string): Promise<() => void> {
  try {
    return await acquireLock(join(folder, 'lock'));
  } catch (error) {
    if (error instanceof LockHeld) throw new FolderTaken(folder, error.pid);
    throw error;
  }
}

import { acquireLock, LockHeld } from '#folder-lock';
import { TransientError } from '#kernel';
import { join } from 'node:path';

/** Another agent owns the data folder, and lives. */
export class FolderTaken extends TransientError {
  override readonly name = 'FolderTaken';

  constructor(folder: string, pid: number) {
    super(`the data folder ${folder} belongs to the running agent with process id ${pid}`);
  }
}

/**
 * Makes this process the only agent on the folder, and returns what gives it up.
 *
 * @throws {FolderTaken}
 */
export async function lockFolder(folder: string): Promise<() => void> {
  try {
    return await acquireLock(join(folder, 'lock'));
  } catch (error) {
    if (error instanceof LockHeld) throw new FolderTaken(folder, error.pid);
    throw error;
  }
}

import type { BuildConfiguration } from '#build';
import { TransientError } from '#kernel';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';

/**
 * The path of the executable. A plain name without a build is returned as it is: the shell looks it
 * up at the start. Throws `TransientError` if the executable does not exist, is outside its build
 * or may not be executed.
 */
export async function located(
  { executable }: BuildConfiguration,
  folder: string | null,
): Promise<string> {
  if (folder === null && !isAbsolute(executable)) return executable;
  const path = folder === null || isAbsolute(executable) ? executable : join(folder, executable);
  if (folder !== null && !isAbsolute(executable) && relative(folder, path).startsWith('..')) {
    throw new TransientError(`the executable ${executable} is not among the files of its build`);
  }
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new TransientError(`there is no executable ${executable}`);
  await access(path, constants.X_OK).catch((cause: unknown) => {
    throw new TransientError(`${executable} may not be executed`, { cause });
  });
  return path;
}

import { printJson } from '#json';
import { fillTemplate, readTemplate, type PayloadFile, type TemplateValues } from '#build';
import { TransientError } from '#kernel';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, normalize, resolve, sep } from 'node:path';
import { removeIn, replaceIn } from '../machine/game-files.js';

/** The folder that relative paths start from, and the user that its games run as, if any. */
interface Place {
  readonly home: string;
  readonly user: number | null;
}

/**
 * Writes the filled-in template or, without a template, `{"payload": ..., "token": ...}` as
 * GameFabric's sidecar does. The file appears complete or not at all. Throws `TransientError`.
 */
export async function writePayload(
  { path, mode, template }: PayloadFile,
  place: Place,
  values: TemplateValues,
): Promise<void> {
  const target = resolve(place.home, path);
  const text = textOf(template, values);
  const bits = Number.parseInt(mode, 8);
  try {
    if (place.user !== null) {
      const { folder, parts } = stepsTo(path, place.home);
      return replaceIn(folder, parts, text, { mode: bits, user: place.user });
    }
    await mkdir(dirname(target), { recursive: true });
    await writeFile(`${target}.new`, text, { mode: 0o600 });
    // `writeFile` would apply the umask of the agent's process to the mode; `chmod` does not.
    await chmod(`${target}.new`, bits);
    await rename(`${target}.new`, target);
  } catch (cause) {
    throw new TransientError(`the payload file ${path} cannot be written`, { cause });
  }
}

/** What says that the file is not there: its folder is missing, or its game put something else there. */
const ABSENT = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ERR_FS_EISDIR'];

/**
 * Removes the file at the end of a session: its token is no longer valid, and the next session has
 * another one.
 */
export async function removePayload({ path }: PayloadFile, place: Place): Promise<void> {
  try {
    if (place.user === null) return await rm(resolve(place.home, path));
    const { folder, parts } = stepsTo(path, place.home);
    removeIn(folder, parts, place.user);
  } catch (error) {
    if (!ABSENT.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** A folder that no game can have changed, and the names that lead on from there. */
function stepsTo(path: string, home: string) {
  if (isAbsolute(path)) return { folder: dirname(path), parts: [basename(path)] };
  return { folder: home, parts: normalize(path).split(sep) };
}

function textOf(template: string | null, values: TemplateValues): string {
  const { payload, token } = values;
  if (template === null) return printJson({ payload, token });
  const read = readTemplate(template);
  // An allocator of a later version may have accepted a template that this agent cannot read.
  if ('code' in read) throw new TransientError(`the payload file's template: ${read.message}`);
  return fillTemplate(read, values);
}

import { parseJson } from '#json';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { z } from 'zod';

/*
 * For files of a few hundred bytes, between a claim and its callback: written at once they take
 * less time than the way to a thread that would write them.
 */

/** Readers see the old text or the new, and never half of one. */
export function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

/** The same file with another text, for readers who watch the file and not its name. */
export function writeInPlace(path: string, text: string): void {
  writeFileSync(path, text, { flag: 'w' });
}

/** Null where there is no such file. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Null where there is no such file; throws `Unparsable` where it is not what we wrote. */
export function readJson<T>(path: string, schema: z.ZodType<T>): T | null {
  const text = readText(path);
  return text === null ? null : parseJson(schema, text);
}

import { parseJson } from '#json';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { z } from 'zod';

/*
 * For files of a few hundred bytes that are written between a claim and its callback. Writing them
 * synchronously takes less time than handing them to a thread.
 */

/**
 * Writes a file by rename: readers see the old text or the new one, never a part of it. Only its
 * owner can read it: such files hold tokens and payloads.
 */
export function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Writes the text into the same file, for readers that watch the file itself and not its name. */
export function writeInPlace(path: string, text: string): void {
  writeFileSync(path, text, { flag: 'w' });
}

/** Null if the file does not exist. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Null if the file does not exist. Throws `Unparsable` if its content does not fit the schema. */
export function readJson<T>(path: string, schema: z.ZodType<T>): T | null {
  const text = readText(path);
  return text === null ? null : parseJson(schema, text);
}

import { parse } from '#wire';
import { open, readFile, rename, writeFile } from 'node:fs/promises';
import type { z } from 'zod';

/** Readers see the old text or the new, and never half of one. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

/** The same file with another text, for readers who watch the file and not its name. */
export async function writeInPlace(path: string, text: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

/** Null where there is no such file. */
export async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Null where there is no such file; throws where it is not what we wrote. */
export async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await readText(path);
  return text === null ? null : parse(schema, JSON.parse(text));
}

import { keptVerification } from '#audit';
import { errorMessage } from '#kernel';
import { decodeJson, encodeJson } from '#wire';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Noted } from './verify.js';

const file = z.object({
  format: z.literal('berth-verification-1'),
  region: z.string(),
  digest: z.string(),
  verification: keptVerification,
});

/** Undefined where there is no such file yet. Throws where it is another region's, or broken. */
export async function readKept(path: string, region: string): Promise<Noted | undefined> {
  let body: Uint8Array;
  try {
    body = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  let kept: z.output<typeof file>;
  try {
    kept = decodeJson(file, body);
  } catch (error) {
    throw new Error(`${path} is no note of a verification: ${errorMessage(error)}`, {
      cause: error,
    });
  }
  if (kept.region === region) return kept;
  throw new Error(`${path} notes a verification of region ${kept.region}, not of ${region}`);
}

/** Writes a note over the one before; whoever is killed meanwhile leaves that one. */
export function writeKept(path: string, region: string): (noted: Noted) => Promise<void> {
  return async ({ digest, verification }) => {
    const kept = { format: 'berth-verification-1', region, digest, verification };
    // Its states hold tokens and payloads.
    await writeFile(`${path}.new`, encodeJson(kept), { mode: 0o600 });
    await rename(`${path}.new`, path);
  };
}

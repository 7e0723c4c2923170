import type { PayloadFile } from '#build';
import { Trouble } from '#kernel';
import type { Json } from '#slot';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Writes `{"payload": ..., "token": ...}`, whole or not at all, as GameFabric's sidecar does where
 * it has no template. Throws `Trouble`.
 *
 * @param home of relative paths
 */
export async function writePayload(
  { path, mode }: PayloadFile,
  home: string,
  content: { readonly payload: Json; readonly token: string },
): Promise<void> {
  const target = resolve(home, path);
  try {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(`${target}.new`, JSON.stringify(content), { mode: 0o600 });
    // Not at its creation, where the mask of the agent's own process would narrow it.
    await chmod(`${target}.new`, Number.parseInt(mode, 8));
    await rename(`${target}.new`, target);
  } catch (cause) {
    throw new Trouble(`the payload file ${path} cannot be written`, { cause });
  }
}

/** Its token is of no use any more; the next session has another. */
export async function removePayload({ path }: PayloadFile, home: string): Promise<void> {
  await rm(resolve(home, path), { force: true });
}

import { createHash, createPrivateKey, sign } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SUMS = 'SHA256SUMS';

/**
 * Writes the checksums of all files of a folder, as `sha256sum -c` reads them, and their signature, as
 * `openssl pkeyutl -verify -rawin` reads it.
 *
 * @param keyFile an Ed25519 private key (PEM); without one nothing is signed
 */
export async function writeChecksums(folder: string, keyFile: string | undefined): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith(SUMS))
    .map(({ name }) => name);
  const lines = names.sort().map(async (name) => {
    const content = await readFile(join(folder, name));
    return `${createHash('sha256').update(content).digest('hex')}  ${name}\n`;
  });
  const text = (await Promise.all(lines)).join('');
  await writeFile(join(folder, SUMS), text);
  if (keyFile === undefined) return;
  const key = createPrivateKey(await readFile(keyFile));
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${keyFile} is no Ed25519 key`);
  await writeFile(join(folder, `${SUMS}.sig`), sign(null, Buffer.from(text), key));
}

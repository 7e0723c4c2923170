import { chmod, rename, writeFile } from 'node:fs/promises';

const FOR_OWNER = 0o600;

/** For its owner alone; whoever reads it meanwhile reads the former one, or all of the new one. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const part = `${path}.new`;
  await writeFile(part, text, { mode: FOR_OWNER });
  await chmod(part, FOR_OWNER);
  await rename(part, path);
}

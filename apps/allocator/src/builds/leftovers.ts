import { storedManifest, type BuildFiles } from '#wire';

/**
 * Deletes the files of a removed manifest, except those that kept manifests share, and the manifest
 * itself. A client that pushes checks afterwards whether all of its files are still there.
 */
export async function deleteLeftovers(
  files: BuildFiles,
  removed: string,
  kept: readonly string[],
): Promise<void> {
  if (kept.includes(removed)) return;
  const needed = new Set<string>();
  for (const each of kept) for (const digest of await digestsIn(files, each)) needed.add(digest);
  for (const digest of await digestsIn(files, removed)) {
    if (!needed.has(digest)) await files.delete(digest);
  }
  await files.delete(removed);
}

async function digestsIn(files: BuildFiles, digest: string): Promise<ReadonlySet<string>> {
  const manifest = await storedManifest(files, digest);
  return new Set(manifest.files.map((file) => file.digest));
}

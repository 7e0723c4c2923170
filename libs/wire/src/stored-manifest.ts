import { manifest, type Manifest } from '#build';
import { Unparsable } from '#kernel';
import type { BuildFiles, Progress } from './build-files.js';
import { decodeJson } from './json.js';

/** Largest manifest that is read (bytes). A manifest names 100,000 files at most. */
const MANIFEST_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Reads the manifest with this digest. Whoever may push builds decides what is stored under it.
 *
 * @param progress may throw, if it takes too long
 * @throws {FileMissing | FileDamaged | TransientError}
 * @throws {Unparsable} it is no manifest, or too long for one.
 */
export async function storedManifest(
  files: Pick<BuildFiles, 'get'>,
  digest: string,
  progress?: Progress,
): Promise<Manifest> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of files.get(digest, progress)) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > MANIFEST_BYTES_MAX) throw new Unparsable(`manifest ${digest} is too long`);
  }
  return decodeJson(manifest, Buffer.concat(pieces));
}

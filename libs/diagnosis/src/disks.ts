import type { SeenAgent } from './seen.js';
import { listed, type Wrong } from './wrong.js';

/** Of a disk, less than this share, and less than so many bytes free, is little. */
const LITTLE_SHARE = 0.1;
const LITTLE_BYTES = 5 * 1024 ** 3;

/** Null if no agent tells. */
export function disksOf(agents: readonly SeenAgent[] | null): Wrong | string | null {
  const known = (agents ?? []).flatMap(({ id, disk }) => (disk === null ? [] : [{ id, ...disk }]));
  if (known.length === 0) return null;
  const full = known.filter(
    ({ freeBytes, totalBytes }) =>
      freeBytes < LITTLE_BYTES && freeBytes < LITTLE_SHARE * totalBytes,
  );
  if (full.length === 0) return 'the disks of all machines have room';
  return {
    what: `little room on the disks of: ${listed(full.map(({ id }) => id))}`,
    remedy: 'Make room in their data folders, or move them: builds cannot be fetched otherwise.',
  };
}

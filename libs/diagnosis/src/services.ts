import type { SeenAgent, SeenRegion } from './seen.js';
import { listed, type Wrong } from './wrong.js';

/** Of a disk, less than this share, and less than so many bytes free, is little. */
const LITTLE_SHARE = 0.1;
const LITTLE_BYTES = 5 * 1024 ** 3;

/* Each is null if nothing is known. */

export function serviceVersionsOf(regions: readonly SeenRegion[] | null): Wrong | string | null {
  if (regions === null) return null;
  const all = regions.flatMap(({ services }) => services.map(({ version }) => version));
  const versions = [...new Set(all)].toSorted();
  if (versions.length < 2) return 'allocators and gateways have the same version';
  return {
    what: `allocators and gateways have different versions: ${versions.join(', ')}`,
    remedy: 'Finish the upgrade: they work side by side only while it lasts.',
  };
}

export function servicesOf(regions: readonly SeenRegion[] | null): Wrong | string | null {
  if (regions === null) return null;
  const unready = regions.flatMap(({ region, services }) =>
    services
      .filter(({ notReadyBecause }) => notReadyBecause !== null)
      .map(({ service, id, notReadyBecause }) => `${service} ${region} ${id}: ${notReadyBecause}`),
  );
  if (unready.length === 0) return 'each allocator and gateway serves';
  return {
    what: `not ready: ${listed(unready)}`,
    remedy: 'Usually its nats-server cannot be reached, or its disk is full; read its log.',
  };
}

export function replicasOf(regions: readonly SeenRegion[] | null): Wrong | string | null {
  const streams = regions?.flatMap((region) => region.streams ?? []) ?? [];
  if (streams.length === 0) return null;
  const behind = streams.flatMap(({ name, leader, replicas }) => [
    ...(leader === null ? [`${name} has no leader`] : []),
    ...replicas
      .filter(({ isCurrent }) => !isCurrent)
      .map(({ server, lag }) => `${name} on ${server} (${lag} operations)`),
  ]);
  if (behind.length === 0) return 'each replica of each stream is current';
  return {
    what: `streams are behind: ${listed(behind)}`,
    remedy: 'Check whether these nats-servers run and reach each other.',
  };
}

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

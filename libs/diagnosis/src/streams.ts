import type { SeenRegion } from './seen.js';
import { listed, type Unknown, type Wrong } from './wrong.js';

/** More than this share of what JetStream may store is too much. */
const FULL_SHARE = 0.9;

/* Each is null if nothing is known. */

export function missingOf(regions: readonly SeenRegion[] | null): Wrong | string | null {
  const told = (regions ?? []).filter(({ streams }) => streams !== null);
  if (told.length === 0) return null;
  const missing = told.flatMap((region) => region.missing);
  if (missing.length === 0) return 'each region has its streams';
  return {
    what: `streams are missing: ${listed(missing)}`,
    remedy:
      'Restart the allocators: they create them. If one was deleted, restore its backup first.',
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

export function syncOf(regions: readonly SeenRegion[] | null): Wrong | Unknown | string | null {
  const servers = serversOf(regions);
  if (servers === null) return null;
  if (servers.length === 0) {
    return {
      unknown: 'whether nats-servers sync what they acknowledge, and how full they are',
      remedy: 'Tell the allocators where nats-servers are monitored: NATS_MONITOR_URLS.',
    };
  }
  const silent = servers.filter(({ storage }) => storage === null);
  if (silent.length > 0) {
    return {
      what: `nats-servers do not tell how they store: ${listed(silent.map(({ monitor }) => monitor))}`,
      remedy: 'Check whether they run, and NATS_MONITOR_URLS of the allocators.',
    };
  }
  const unsynced = servers.filter(({ storage }) => storage?.isSynced === false);
  if (unsynced.length === 0) return 'nats-servers sync what they acknowledge';
  return {
    what: `a power cut loses events on: ${listed(unsynced.map(({ monitor }) => monitor))}`,
    remedy: 'Set sync_interval: always in the block jetstream of their configuration.',
  };
}

export function storageOf(regions: readonly SeenRegion[] | null): Wrong | string | null {
  const known = (serversOf(regions) ?? []).flatMap(({ monitor, storage }) =>
    storage === null ? [] : [{ monitor, ...storage }],
  );
  if (known.length === 0) return null;
  const full = known.filter(
    ({ storedBytes, reservedBytes, limitBytes }) =>
      Math.max(storedBytes, reservedBytes) > FULL_SHARE * limitBytes,
  );
  if (full.length === 0) return 'nats-servers have room, and for new streams too';
  const words = full.map(
    ({ monitor, storedBytes, reservedBytes, limitBytes }) =>
      `${monitor} (${gigabytes(storedBytes)} stored, ${gigabytes(reservedBytes)} reserved of ${gigabytes(limitBytes)} GB)`,
  );
  return {
    what: `nats-servers are nearly full: ${listed(words)}`,
    remedy: 'Raise max_file_store or add disk; or lower BERTH_ARCHIVE_DAYS, BERTH_*_BYTES_MAX.',
  };
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);

/** Each nats-server once; empty if nobody knows where they are; null if no allocator tells. */
function serversOf(regions: readonly SeenRegion[] | null) {
  const told = (regions ?? []).filter(({ streams }) => streams !== null);
  if (told.length === 0) return null;
  const servers = told.flatMap((region) => region.servers ?? []);
  return [...new Map(servers.map((server) => [server.monitor, server])).values()];
}

import type { SeenRegion } from './seen.js';
import { listed, type Wrong } from './wrong.js';

/** Clocks that are set by NTP differ by a few milliseconds. */
const CLOCK_OFF_MS = 1_000;

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

export function deniedOf(regions: readonly SeenRegion[] | null): Wrong | string | null {
  if (regions === null) return null;
  const denied = regions.flatMap(({ services }) =>
    services.flatMap((service) => service.denied ?? []),
  );
  if (denied.length === 0) return 'NATS permits what allocators and gateways do';
  return {
    what: `permissions are missing: ${listed([...new Set(denied)])}`,
    remedy: 'Write the permissions of this version anew: berth nats config.',
  };
}

export function clocksOf(regions: readonly SeenRegion[] | null): Wrong | string | null {
  const known = (regions ?? []).flatMap(({ region, services }) =>
    services.flatMap(({ service, id, clockAheadMs }) =>
      clockAheadMs === null ? [] : [{ name: `${service} ${region} ${id}`, clockAheadMs }],
    ),
  );
  if (known.length === 0) return null;
  const off = known.filter(({ clockAheadMs }) => Math.abs(clockAheadMs) > CLOCK_OFF_MS);
  if (off.length === 0) return "allocators' clocks agree with the log's";
  const words = off.map(
    ({ name, clockAheadMs }) => `${name} by ${(clockAheadMs / 1_000).toFixed(1)} s`,
  );
  return {
    what: `clocks differ from the log's: ${listed(words)}`,
    remedy: 'Set the clocks of these machines and of the nats-servers by NTP.',
  };
}

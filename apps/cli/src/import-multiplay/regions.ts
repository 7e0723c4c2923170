import { Unparsable } from '#kernel';
import type { Gsh } from './gsh.schema.js';

/** Berth's regions by the regions of the file, or one region for all of them. */
export type RegionMap = ReadonlyMap<string, string> | string;

export interface RegionalFleet {
  /** The name in the file. */
  readonly name: string;
  readonly configurations: readonly string[];
  readonly minAvailable: number;
  readonly max: number;
}

interface Size {
  readonly places: readonly string[];
  readonly minAvailable: number;
  readonly max: number;
}

/** The fleets that each region of Berth gets. Throws `Unparsable` if a region is not mapped. */
export function fleetsByRegion({ fleets }: Gsh, regions: RegionMap, notes: Set<string>) {
  const found = new Map<string, RegionalFleet[]>();
  for (const [name, fleet] of Object.entries(fleets)) {
    const sizes = sizesOf(name, fleet.regions, regions, notes);
    if (sizes.size === 0) notes.add(`fleet ${name} is online in no region, and is not imported`);
    for (const [region, { places, minAvailable, max }] of sizes) {
      if (places.length > 1) {
        notes.add(
          `fleet ${name}: ${places.join(' and ')} become region ${region}, with their sizes added up`,
        );
      }
      if (minAvailable > max) {
        const numbers = `minAvailable ${minAvailable} is above maxServers ${max}`;
        throw new Unparsable(`fleet ${name}: ${numbers}`);
      }
      const configurations = fleet.buildConfigurations;
      const regional = { name, configurations, minAvailable, max };
      found.set(region, [...(found.get(region) ?? []), regional]);
    }
  }
  return found;
}

/** If several regions of the file become one, their numbers of servers are added up. */
function sizesOf(
  fleet: string,
  wanted: Gsh['fleets'][string]['regions'],
  regions: RegionMap,
  notes: Set<string>,
): ReadonlyMap<string, Size> {
  const sizes = new Map<string, Size>();
  for (const [place, { minAvailable, maxServers, online }] of Object.entries(wanted)) {
    if (!online) {
      notes.add(`fleet ${fleet} is offline in ${place}, and is not imported there`);
      continue;
    }
    const region = regionOf(place, regions);
    const before = sizes.get(region) ?? { places: [], minAvailable: 0, max: 0 };
    sizes.set(region, {
      places: [...before.places, place],
      minAvailable: before.minAvailable + minAvailable,
      max: before.max + maxServers,
    });
  }
  return sizes;
}

function regionOf(place: string, regions: RegionMap): string {
  const region = typeof regions === 'string' ? regions : regions.get(place);
  if (region !== undefined) return region;
  throw new Unparsable(`region ${place} is not mapped: add --region '${place}=<region of Berth>'`);
}

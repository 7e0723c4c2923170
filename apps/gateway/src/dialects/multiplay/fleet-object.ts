import { statusOf, type SlotState } from '#slot';
import type { FleetView } from '#wire';
import { z } from 'zod';
import type { MultiplayIds } from './ids.js';

const DEFAULT_TTL_S = 3_600;

/** The operating system of Berth's games; its id is made up. */
const SYSTEM = 'Linux';

const counts = z.object({
  total: z.int(),
  status: z.object({
    allocated: z.int(),
    available: z.int(),
    avalaible: z.int().describe('the same, in the spelling of one of the clients'),
    online: z.int().describe('servers with a process'),
  }),
});
type Counts = z.output<typeof counts>;

const status = z.enum(['ONLINE', 'DRAINING', 'OFFLINE']);
type Status = z.output<typeof status>;

const ttls = {
  deleteTTL: z.int(),
  shutdownTTL: z.int(),
  disabledDeleteTTL: z.int(),
};
const NO_TTLS = { deleteTTL: 0, shutdownTTL: 0, disabledDeleteTTL: 0 };

export const multiplayFleet = z
  .object({
    id: z.string(),
    name: z.string(),
    osID: z.string(),
    osName: z.string(),
    osFamily: z.enum(['ANY', 'WINDOWS', 'LINUX']),
    buildConfigurations: z.array(z.object({ id: z.int(), name: z.string() })),
    fleetRegions: z.array(
      z.object({
        id: z.string(),
        regionID: z.string(),
        regionName: z.string(),
        scalingEnabled: z.boolean().describe('whether the fleet has a size there'),
        status,
        minAvailableServers: z.int(),
        maxServers: z.int(),
        ...ttls,
      }),
    ),
    status,
    allocationTTL: z.int().describe('how long a session may be without players, in s'),
    allocationType: z.literal('ALLOCATION'),
    ...ttls,
    graceful: z.boolean(),
    servers: z.object({ all: counts, cloud: counts, metal: counts }),
    usageSettings: z.array(z.object({ hardwareType: z.string() })),
  })
  .meta({ id: 'MultiplayFleet' });
export type MultiplayFleet = z.output<typeof multiplayFleet>;

/** A fleet in one region: what allocators say about it, and its slots. */
export interface RegionalFleet {
  readonly region: string;
  readonly view: FleetView | undefined;
  readonly slots: readonly SlotState[];
}

/**
 * Berth's fleets belong to one region; fleets of the same name make up one fleet of Multiplay's.
 */
export function fleetObject(
  name: string,
  regional: readonly RegionalFleet[],
  ids: MultiplayIds,
): MultiplayFleet {
  const slots = regional.flatMap((one) => one.slots);
  const all = countsOf(slots);
  const idleMs = slots.find(({ context }) => context.offer)?.context.offer?.limits.idleMs;
  return {
    id: ids.guid('fleet', name),
    name,
    osID: ids.guid('system', SYSTEM),
    osName: SYSTEM,
    osFamily: 'LINUX',
    buildConfigurations: [...configurationsOf(regional)].map((configuration) => ({
      id: ids.buildConfiguration(configuration),
      name: configuration,
    })),
    fleetRegions: regional.map((one) => regionOf(name, one, ids)),
    status: highest(regional.map((one) => statusIn(one.slots))),
    allocationTTL: idleMs === undefined ? DEFAULT_TTL_S : Math.ceil(idleMs / 1_000),
    allocationType: 'ALLOCATION',
    ...NO_TTLS,
    graceful: false,
    // Berth does not know who owns the machines: they count as the customer's own.
    servers: { all, cloud: countsOf([]), metal: all },
    usageSettings: [],
  };
}

function regionOf(name: string, { region, view, slots }: RegionalFleet, ids: MultiplayIds) {
  const size = view?.size ?? null;
  return {
    id: ids.guid('fleet-region', `${region}.${name}`),
    regionID: ids.guid('region', region),
    regionName: region,
    scalingEnabled: size !== null,
    status: statusIn(slots),
    minAvailableServers: size?.minAvailable ?? 0,
    maxServers: size?.max ?? slots.length,
    ...NO_TTLS,
  };
}

function configurationsOf(regional: readonly RegionalFleet[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { view, slots } of regional) {
    if (view?.buildConfiguration) names.add(view.buildConfiguration);
    for (const { context } of slots) {
      if (context.offer !== null) names.add(context.offer.buildConfiguration);
    }
  }
  return names;
}

function countsOf(slots: readonly SlotState[]): Counts {
  const available = slots.filter((state) => statusOf(state) === 'available').length;
  return {
    total: slots.length,
    status: {
      allocated: slots.filter((state) => statusOf(state) === 'allocated').length,
      available,
      avalaible: available,
      online: slots.filter(({ context }) => context.process !== null).length,
    },
  };
}

/** A fleet without an offered slot is draining while a session runs, then offline. */
function statusIn(slots: readonly SlotState[]): Status {
  const isOffered = (state: SlotState) =>
    state.context.pending === null &&
    ['available', 'allocated', 'deallocated'].includes(statusOf(state));
  if (slots.some(isOffered)) return 'ONLINE';
  return slots.some((state) => statusOf(state) === 'allocated') ? 'DRAINING' : 'OFFLINE';
}

function highest(statuses: readonly Status[]): Status {
  const order = ['ONLINE', 'DRAINING', 'OFFLINE'] as const;
  return order.find((one) => statuses.includes(one)) ?? 'OFFLINE';
}

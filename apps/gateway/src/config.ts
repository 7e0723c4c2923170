import { commonSettings, listOf } from '#service-runtime';
import { token } from '#wire';
import { z } from 'zod';
import { accessSettings } from './auth/access.settings.js';
import { edgeSettings } from './edge/edge.settings.js';
import { multiplaySettings } from './dialects/multiplay/multiplay.settings.js';

const REGIONS_MAX = 64;
const FLEETS_MAX = 64;

const port = z.coerce.number().int().min(0).max(65_535);

const settings = z.object({
  ...commonSettings,
  BERTH_REGIONS: listOf(token, 'names')
    .refine((regions) => regions.length <= REGIONS_MAX, `at most ${REGIONS_MAX} regions`)
    .transform((regions) => [...new Set(regions)])
    .prefault('local')
    .describe('regions in which servers can be requested, and whose slots and events are shown'),
  HTTP_HOST: z.string().default('127.0.0.1').describe('address to listen on'),
  HTTP_PORT: port.default(8080).describe('port to listen on; 0 for any free port'),
  ...edgeSettings,
  ...accessSettings,
  /**
   * The vendor never published what its allocator answers when no server is free. 503 is a status
   * after which an HTTP client may wait and retry by itself, and the usual one for Retry-After;
   * clients that were built for 404, 409 or 429 set that instead.
   */
  GAMEFABRIC_NONE_STATUS: z.coerce
    .number()
    .int()
    .min(400)
    .max(599)
    .default(503)
    .describe('HTTP status of POST /allocate when no server is free'),
  /**
   * GameFabric's requests name no fleet: without this setting they would draw from every fleet of
   * the region.
   */
  GAMEFABRIC_FLEETS: listOf(z.string().min(1).max(128), 'names')
    .refine((fleets) => fleets.length <= FLEETS_MAX, `at most ${FLEETS_MAX} fleets`)
    .prefault('registered')
    .describe('fleets whose servers POST /allocate gives out; `*` for all'),
  ...multiplaySettings,
});

export const gatewaySettings = settings.refine(
  ({ MULTIPLAY_REGION: region, BERTH_REGIONS }) => !region || BERTH_REGIONS.includes(region),
  { path: ['MULTIPLAY_REGION'], message: 'must be one of BERTH_REGIONS' },
);

export type GatewayConfig = Readonly<z.output<typeof gatewaySettings>>;

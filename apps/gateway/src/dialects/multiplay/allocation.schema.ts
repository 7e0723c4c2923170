import { isGuid } from '#multiplay';
import { z } from 'zod';
import { invalid } from '../../http/problems.js';

const IDS_MAX = 200;
const HOUR_S = 3_600;

const guid = z.string().refine(isGuid, 'must be a GUID');

/** A request for an allocation; unknown fields are ignored. */
export const createBody = z
  .object({
    allocationId: guid
      .transform((id) => id.toLowerCase())
      .describe('repeated requests with the same id get the same server'),
    buildConfigurationId: z
      .union([z.int().nonnegative(), z.string().min(1).max(128)])
      .transform(String)
      .describe('its number, as a number or as text, or its name in Berth'),
    regionId: z
      .string()
      .max(128)
      .optional()
      .describe("its GUID, or its name in Berth; if missing or empty, the operator's default"),
    payload: z.string().optional().describe('passed to the game server unchanged'),
    restart: z.boolean().optional().describe('whether the session gets a new process'),
  })
  .meta({
    id: 'MultiplayAllocationRequest',
    examples: [
      {
        allocationId: '5f3c1d3e-7a0b-4a57-9a53-0c9f1a2b3c4d',
        buildConfigurationId: 55120885,
        regionId: '1a04a1ac-2b1c-4a6c-8c0e-0f6f5c0f9a11',
        payload: '{"map":"docks"}',
      },
    ],
  });
export type CreateBody = z.output<typeof createBody>;

const UNIT_S: Readonly<Record<string, number>> = { h: HOUR_S, m: 60, s: 1, ms: 0.001 };

/** A duration in Go's format, `1h30m`; the vendor never documented the format of `age`. */
const age = z
  .string()
  .regex(/^(\d{1,9}(h|ms|m|s))+$|^\d{1,9}$/, 'must be like 30s, 10m or 1h30m')
  .transform((text) => {
    if (/^\d+$/.test(text)) return Number(text) * 1_000;
    const parts = [...text.matchAll(/(\d+)(h|ms|m|s)/g)];
    return (
      parts.reduce((sum, [, n, unit = 's']) => sum + Number(n) * (UNIT_S[unit] ?? 1), 0) * 1_000
    );
  });

/** The query of a list; unknown parameters are ignored. */
export const listQuery = z.object({
  age: age.optional().describe('only allocations requested within this time, like 10m'),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  ids: z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((id) => id.trim().toLowerCase())
        .filter((id) => id !== ''),
    )
    .refine((ids) => ids.length <= IDS_MAX, `at most ${IDS_MAX} ids`)
    .optional()
    .describe('only these, separated by commas; includes those that still wait'),
});
export type ListQuery = z.output<typeof listQuery>;

/** Throws a `Problem` if the payload is too long. */
export function checkPayload(payload: string, bytesMax: number): void {
  const bytes = Buffer.byteLength(payload);
  if (bytes <= bytesMax) return;
  throw invalid(`payload: has ${bytes} bytes, and may have ${bytesMax}`);
}

const instant = z.iso.datetime();

/** Unknown fields are left out: vendors' clients can read neither null nor empty text. */
const allocation = z.object({
  allocationId: z.string(),
  fleetId: z.string(),
  regionId: z.string(),
  buildConfigurationId: z.int(),
  serverId: z.int().optional(),
  machineId: z.int().optional(),
  ipv4: z.string().optional().describe('present once `fulfilled` is'),
  ipv6: z.string().optional().describe('instead of `ipv4` if the server has an IPv6 address'),
  gamePort: z.int().optional(),
  requested: instant.describe('when the request was made'),
  created: instant.optional().describe('when a server was claimed'),
  fulfilled: instant.optional().describe('when its process was running'),
  ready: instant.optional().describe('when the game reported that it is ready'),
  readiness: z.boolean().optional().describe('whether the game must report that it is ready'),
});

export const multiplayAllocation = allocation.meta({ id: 'MultiplayAllocation' });
export type MultiplayAllocation = z.output<typeof allocation>;

export const testAllocation = allocation
  .extend({ failed: z.boolean().describe('whether the allocation got no server') })
  .meta({ id: 'MultiplayTestAllocation' });

export const createdAnswer = z
  .object({ allocationId: z.string(), href: z.string() })
  .meta({ id: 'MultiplayAllocationCreated' });

const pagination = z.object({ limit: z.int(), offset: z.int() });

export const allocationsAnswer = z.object({
  allocations: z.array(multiplayAllocation),
  pagination,
});

export const testAllocationsAnswer = z.object({
  allocations: z.array(testAllocation),
  pagination,
});

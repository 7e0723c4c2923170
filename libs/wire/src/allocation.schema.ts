import { z } from 'zod';
import { json, token } from './slot.schema.js';

/** Printable, without spaces: it is also a message header and part of URLs. */
export const allocationId = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 printable ASCII characters without spaces');

const attributes = z
  .record(z.string().min(1).max(256), z.string().max(1024))
  .refine((words) => Object.keys(words).length <= 64, 'at most 64 attributes');

/** How long a requester may be kept: a claim outlasts the election of a new stream leader. */
export const REQUEST_TIMEOUT_MS = { default: 15_000, max: 60_000 } as const;

/** A request for one server; `region` is told by the subject over NATS, by the body over HTTP. */
export const allocationRequest = z.strictObject({
  /** The same id is given the same server, however often it is asked for. Made up if missing. */
  allocationId: allocationId.optional(),
  region: token,
  fleet: z.string().min(1).max(128).optional(),
  buildConfiguration: z.string().min(1).max(128).optional(),
  /** Every one of them must be the slot's own. */
  attributes: attributes.default({}),
  /** Carried to the game server's callback, unread. */
  payload: json.default(null),
  /** How long the session may be without players, in ms; the fleet's own limit if missing. */
  idleTtlMs: z
    .int()
    .min(1_000)
    .max(7 * 86_400_000)
    .optional(),
  /** How long the requester waits for the answer, in ms. */
  timeoutMs: z.int().min(1).max(REQUEST_TIMEOUT_MS.max).default(REQUEST_TIMEOUT_MS.default),
});
export type AllocationRequest = z.output<typeof allocationRequest>;

/** Why a request is not served. Stable: matchmakers branch on them. */
export const refusalCode = z.enum([
  /** The request itself is wrong; sending it again will not help. */
  'invalid',
  /** Nothing that fits is free now. */
  'none-available',
  /** Every slot that was tried refused its callback, or did not answer it in time. */
  'callback-failed',
  /** No verdict by the request's deadline; ask again with the same id. */
  'timed-out',
  /** This allocator has lost touch with the log; ask again. */
  'not-ready',
  /** The allocation existed and its session is over. */
  'ended',
  /** No allocation with this id is known. */
  'unknown-allocation',
]);
export type RefusalCode = z.output<typeof refusalCode>;

export const refused = z.object({
  status: z.literal('refused'),
  allocationId: z.string().optional(),
  code: refusalCode,
  message: z.string(),
});
export type Refused = z.output<typeof refused>;

export const allocated = z.object({
  status: z.literal('allocated'),
  allocationId: z.string(),
  /** The slot's name, `region.agent.slot`. */
  slot: z.string(),
  region: z.string(),
  fleet: z.string(),
  buildConfiguration: z.string(),
  /** `host:port` for players. */
  address: z.string(),
  ip: z.string(),
  ports: z.record(z.string(), z.number()),
  token: z.string(),
  /** What the game server answered to its callback. */
  payload: json,
  /** Epoch ms. */
  allocatedAt: z.number(),
});
export type Allocated = z.output<typeof allocated>;

export const allocationAnswer = z.discriminatedUnion('status', [allocated, refused]);
export type AllocationAnswer = z.output<typeof allocationAnswer>;

export const deallocationRequest = z.strictObject({
  allocationId,
  region: token,
  reason: z.string().max(1024).default('asked for'),
  /** Who asks; recorded. */
  by: z.string().max(256).default('unnamed'),
});
export type DeallocationRequest = z.output<typeof deallocationRequest>;

export const deallocated = z.object({
  status: z.literal('deallocated'),
  allocationId: z.string(),
  slot: z.string(),
});
export const deallocationAnswer = z.discriminatedUnion('status', [deallocated, refused]);
export type DeallocationAnswer = z.output<typeof deallocationAnswer>;

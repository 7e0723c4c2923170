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

/** How long a request may wait for a slot to become free. */
export const WAIT_MS_MAX = 600_000;

/** A request for one server; `region` is told by the subject over NATS, by the body over HTTP. */
export const allocationRequest = z.strictObject({
  /** The same id is given the same server, however often it is asked for. Made up if missing. */
  allocationId: allocationId.optional(),
  region: token,
  fleet: z.string().min(1).max(128).optional(),
  buildConfiguration: z.string().min(1).max(128).optional(),
  /** Every one of them must be the slot's own. */
  attributes: attributes.default({}),
  /** Who asks; recorded where it is not served. */
  by: z.string().max(256).optional(),
  /** Carried to the game server's callback, unread. */
  payload: json.default(null),
  /** How long the session may be without players, in ms; the fleet's own limit if missing. */
  idleTtlMs: z
    .int()
    .min(1_000)
    .max(7 * 86_400_000)
    .optional(),
  /**
   * How long the request may wait where nothing that fits is free, in ms: first come, first served.
   * The answer comes within `waitMs` and `timeoutMs` together.
   */
  waitMs: z.int().min(0).max(WAIT_MS_MAX).default(0),
  /** How long the requester waits for the answer once it need not wait for a slot, in ms. */
  timeoutMs: z.int().min(1).max(REQUEST_TIMEOUT_MS.max).default(REQUEST_TIMEOUT_MS.default),
});
export type AllocationRequest = z.output<typeof allocationRequest>;

/** Why a request is not served. Stable: matchmakers branch on them. */
export const refusalCode = z.enum([
  /** The request itself is wrong; sending it again will not help. */
  'invalid',
  /** Nothing that fits is free, nor became free while the request waited. */
  'none-available',
  /** So many wait already that this one may not; ask later. */
  'shed',
  /** Published, and its time was over before there was a server for it. */
  'expired',
  /** The requester cancelled it while it waited. */
  'cancelled',
  /** Every slot that was tried refused its callback, or did not answer it in time. */
  'callback-failed',
  /** No verdict by the request's deadline; ask again with the same id. */
  'timed-out',
  /** This allocator has lost touch with the log; ask again. */
  'not-ready',
  /** The allocation existed and its session is over. */
  'ended',
  /** The size of the fleet was changed meanwhile. */
  'stale-revision',
  /** No slot of this name is known, or none of the agent of this name. */
  'unknown-slot',
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

/** Whoever waits for this allocation does not want it any more. Heard by every allocator. */
export const cancelRequest = z.strictObject({ allocationId });
export type CancelRequest = z.output<typeof cancelRequest>;

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

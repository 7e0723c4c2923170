import { z } from 'zod';
import { allocationAnswer, allocationId, allocationRequest } from './allocation.schema.js';

/** How long a request that was published may wait, in ms, counted from when it was stored. */
export const PUBLISHED_WAIT_MS = { default: 600_000, max: 24 * 3_600_000 } as const;

/**
 * A request whose requester goes away: it is served when that can be, and the answer kept under its
 * id. The region is told by the subject.
 */
export const publishedRequest = allocationRequest.extend({
  allocationId,
  region: allocationRequest.shape.region.optional(),
  waitMs: z.int().min(0).max(PUBLISHED_WAIT_MS.max).default(PUBLISHED_WAIT_MS.default),
});
export type PublishedRequest = z.output<typeof publishedRequest>;

/** What became of a published request; kept for a day. Instants are epoch ms. */
export const allocationResult = z.object({
  allocationId,
  /** When the request was stored. */
  publishedAt: z.number(),
  answeredAt: z.number(),
  answer: allocationAnswer,
});
export type AllocationResult = z.output<typeof allocationResult>;

/** Who asked for what, when, and why it was not served; kept for a day. */
export const refusalRecord = z.object({
  allocationId: z.string(),
  region: z.string(),
  by: z.string(),
  fleet: z.string().nullable(),
  buildConfiguration: z.string().nullable(),
  attributes: z.record(z.string(), z.string()),
  askedAt: z.number(),
  refusedAt: z.number(),
  code: z.string(),
  message: z.string(),
  /** Which allocator refused. */
  allocator: z.string(),
});
export type RefusalRecord = z.output<typeof refusalRecord>;

/** A published request that nobody can serve, whatever happens; kept for a day. */
export const setAsideRecord = z.object({
  publishedAt: z.number(),
  reason: z.string(),
  /** As much of it as is text. */
  body: z.string(),
});
export type SetAsideRecord = z.output<typeof setAsideRecord>;

/**
 * What was published under an id, noted before it is; kept for a day. So whoever is asked can tell a
 * request that waits from none at all.
 */
export const askedRecord = z.object({
  allocationId: z.string(),
  /** Null where any will do. */
  fleet: z.string().nullable(),
  buildConfiguration: z.string().nullable(),
  /** By the clock of who noted it (epoch ms). */
  askedAt: z.number(),
  /** `publishedAt` of the result that is not this request's, but of one before it under its id. */
  supersedes: z.number().nullable().default(null),
  /** Whether the requester has withdrawn it. */
  withdrawn: z.boolean().default(false),
  /** Whether the queue did not take it: then it is as though it had never been asked for. */
  shed: z.boolean().default(false),
});
export type AskedRecord = z.output<typeof askedRecord>;

import { z } from 'zod';
import { allocationAnswer, allocationRequest, fullAllocationId } from './allocation.schema.js';
import { refusalGrounds } from './refusal.schema.js';

/** How long a published request may wait (ms), counted from when it was stored. */
export const PUBLISHED_WAIT_MS = { default: 600_000, max: 24 * 3_600_000 } as const;

/**
 * A request whose requester does not wait: it is served as soon as possible, and the answer is kept
 * under its id. The region is in the subject.
 */
export const publishedRequest = allocationRequest.extend({
  allocationId: fullAllocationId,
  region: allocationRequest.shape.region.optional(),
  waitMs: z.int().min(0).max(PUBLISHED_WAIT_MS.max).default(PUBLISHED_WAIT_MS.default),
});
export type PublishedRequest = z.output<typeof publishedRequest>;

/** The outcome of a published request; kept for a day. Instants are epoch ms. */
export const allocationResult = z.object({
  allocationId: fullAllocationId,
  /** When the request was stored. */
  publishedAt: z.number(),
  answeredAt: z.number(),
  answer: allocationAnswer,
});
export type AllocationResult = z.output<typeof allocationResult>;

/** Who asked for what and when, and why it was not served; kept for a day. */
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
  /** Missing: none were named, or it was recorded before they were kept. */
  fleets: z.array(z.string()).optional(),
  slot: z.string().optional(),
  grounds: refusalGrounds.optional(),
});
export type RefusalRecord = z.output<typeof refusalRecord>;

/** A published request that no allocator can ever serve; kept for a day. */
export const setAsideRecord = z.object({
  publishedAt: z.number(),
  reason: z.string(),
  /** The part of the request that is text. */
  body: z.string(),
});
export type SetAsideRecord = z.output<typeof setAsideRecord>;

/**
 * What is published under an id, recorded before it is published; kept for a day. It tells a
 * request that waits from one that never existed.
 */
export const askedRecord = z.object({
  allocationId: z.string(),
  /** Null: any fleet. */
  fleet: z.string().nullable(),
  buildConfiguration: z.string().nullable(),
  /** By the clock of the process that recorded it (epoch ms). */
  askedAt: z.number(),
  /**
   * `publishedAt` of a result under the same id that belongs to an earlier request, not to this
   * one.
   */
  supersedes: z.number().nullable().default(null),
  /** Whether the requester has withdrawn it. */
  withdrawn: z.boolean().default(false),
  /** Whether the queue refused it: then it counts as never asked for. */
  shed: z.boolean().default(false),
});
export type AskedRecord = z.output<typeof askedRecord>;

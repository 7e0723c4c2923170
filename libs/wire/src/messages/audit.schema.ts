import { token } from '#kernel';
import { endOutcome } from '#slot';
import { z } from 'zod';

/** Number of claims that one question may ask for. */
const INDEXED_MAX = 1_000;

/** As much of the reason for an end as the index keeps, in characters; its event has all of it. */
export const INDEXED_REASON_MAX = 512;

/** A sequence of the region's log. */
const sequence = z.int().nonnegative();

/**
 * One claim of a slot, as the index knows it. A request has one for each slot that was tried for
 * it.
 */
export const indexedClaim = z.object({
  allocationId: z.string(),
  slot: z.string().describe('`region.agent.slot`'),
  sequence: sequence.describe('of the event that claimed the slot'),
  attempt: z.int().describe('1 for the first slot that was tried'),
  requestedBy: z.string().describe('who asked: name of the access token, and the name given'),
  fleet: z.string().describe('of the slot'),
  buildConfiguration: z.string(),
  requestedAt: z.number().describe('when the slot was claimed; epoch ms'),
  acknowledgedAt: z.number().nullable().describe('when the game took the session; epoch ms'),
  end: z
    .object({
      sequence: sequence.describe('of the event that ended it'),
      at: z.number().describe('epoch ms'),
      by: z.string().describe('type of that event; there may be more types than you know'),
      outcome: endOutcome,
      reason: z.string().describe(`its first ${INDEXED_REASON_MAX} characters`),
      wantedBy: z.string().optional().describe('who asked for the end, if somebody did'),
    })
    .nullable()
    .describe('null while it lasts'),
});
export type IndexedClaim = z.output<typeof indexedClaim>;

/** Which claims are wanted; a missing field excludes none. */
export const claimsFilter = z.object({
  allocationId: z.string().max(256).optional(),
  requestedBy: z
    .string()
    .max(256)
    .optional()
    .describe('name of the access token, or all that was recorded of who asked'),
  endedBy: z
    .string()
    .max(64)
    .optional()
    .describe('type of the event that ended it, such as `Crashed`; `none`: it lasts'),
  reason: z.string().max(256).optional().describe('text within the reason of its end'),
  fleet: z.string().max(128).optional(),
  since: z.coerce.number().int().optional().describe('claimed at this instant or later; epoch ms'),
  until: z.coerce.number().int().optional().describe('claimed before this instant; epoch ms'),
});

/** A place in the list of claims, which begins with the latest. */
const place = z.object({ requestedAt: z.number(), sequence });
export type ClaimPlace = z.output<typeof place>;

export const claimsRequest = z.strictObject({
  ...claimsFilter.shape,
  /** Also claims that failed, and after which another slot was tried. */
  everyAttempt: z.boolean().default(false),
  /** Only claims behind this place; `next` of the page before. */
  after: place.optional(),
  limit: z.int().min(1).max(INDEXED_MAX).default(100),
});
export type ClaimsRequest = z.output<typeof claimsRequest>;

const refused = z.object({
  status: z.literal('refused'),
  code: z.enum(['invalid', 'not-ready', 'timed-out']).default('not-ready'),
  message: z.string(),
});

/** How far the index is behind the log. */
const lag = {
  lagEvents: z
    .int()
    .nonnegative()
    .nullable()
    .describe('events of the log that are not indexed yet; null: the log does not answer'),
};

export const claimsAnswer = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('claims'),
    claims: z.array(indexedClaim),
    next: place.optional(),
    ...lag,
  }),
  refused,
]);
export type ClaimsAnswer = z.output<typeof claimsAnswer>;

/** How the reading of the whole history is getting on. */
const building = z.object({
  readTo: sequence,
  end: sequence.describe('sequence of the last event of the log'),
  events: z.int().nonnegative().describe('events read so far'),
  eventsPerSecond: z.number().nonnegative(),
});

/** The state of the index of one region. */
export const indexState = z.object({
  region: token,
  readTo: sequence.describe('sequence of the last event that the index has; 0: there is no index'),
  readAt: z.number().nullable().describe('when that event was recorded; epoch ms'),
  ...lag,
  claims: z.int().nonnegative(),
  bytes: z.int().nonnegative().describe('its size on disk'),
  built: z
    .object({
      at: z.number().describe('epoch ms'),
      events: z.int().nonnegative(),
      eventsPerSecond: z.number().nonnegative(),
    })
    .nullable()
    .describe('when it was last built anew, and how fast; null: it never was'),
  building: building
    .nullable()
    .describe('a new index that is being built; null if none is. The old one answers meanwhile'),
});
export type IndexState = z.output<typeof indexState>;

export const indexRequest = z.strictObject({});

export const indexAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('index'), index: indexState }),
  refused,
]);

import { fleetSize } from '#fleet';
import { token } from '#kernel';
import { endOutcome } from '#slot';
import { z } from 'zod';
import { lastChange } from './wanted.js';

/** Number of claims that one question may ask for. */
const INDEXED_MAX = 1_000;

/** Number of actions that one question may ask for: each has all of its reason, and answers 1 MB at most. */
export const ACTIONS_MAX = 200;

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

/** Parts of who asked, of which a door has checked all but the name that the requester gives itself. */
const askerParts = {
  project: z.string().max(64).optional().describe('the project of the access token'),
  face: z
    .string()
    .max(64)
    .optional()
    .describe('through which API it was asked: `api`, `gamefabric`, `multiplay`, `nats`'),
};

/** Which claims are wanted; a missing field excludes none. */
export const claimsFilter = z.object({
  allocationId: z.string().max(256).optional(),
  requestedBy: z
    .string()
    .max(256)
    .optional()
    .describe('name of the access token, or all that was recorded of who asked'),
  ...askerParts,
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

/** What people set, and what a change of it is told to be one of. */
const SETTINGS = ['fleet', 'configuration', 'build', 'machine'] as const;

/** Something that was done to a slot because somebody asked for it. */
export const action = z.object({
  sequence: sequence.describe("the event's place in the log of its region"),
  slot: z.string().describe('`region.agent.slot`'),
  at: z.number().describe('epoch ms, by the clock of the log'),
  event: z.string().describe('type of the event'),
  by: z.string().describe('the name of the access token, if there was one, and the name given'),
  reason: z.string().optional(),
  allocationId: z.string().optional().describe('the session that it began, or ended'),
});
export type Action = z.output<typeof action>;

/** A change of something that people set: a fleet, a build configuration, a build, a machine's policy. */
export const settingChange = z.object({
  setting: z.enum(SETTINGS),
  id: z.string().describe('its name: `region.name`'),
  sequence: sequence.describe('the revision that the change made'),
  ...lastChange.shape,
  version: z.int().optional().describe('of the build, or build configuration, that was set'),
  size: fleetSize.optional().describe('that the fleet was given'),
  buildConfiguration: z.string().nullable().optional().describe('that the fleet was told to run'),
  atATime: z.int().optional().describe('slots that change over at a time'),
});
export type SettingChange = z.output<typeof settingChange>;

/** Which actions are wanted; a missing field excludes none. */
export const actionsFilter = z.object({
  by: z
    .string()
    .max(256)
    .optional()
    .describe('only of this access token, by its name; or all that was recorded of who asked'),
  ...askerParts,
  since: z.coerce.number().int().min(0).optional().describe('only from this instant on; epoch ms'),
  until: z.coerce.number().int().min(0).optional().describe('only before this instant; epoch ms'),
});

export const actionsRequest = z.strictObject({
  ...actionsFilter.shape,
  /** Also requests for servers that were given one. */
  requests: z.boolean().default(false),
  /** Only actions behind this place. */
  after: sequence.default(0),
  limit: z.int().min(1).max(ACTIONS_MAX).default(100),
});
export type ActionsRequest = z.output<typeof actionsRequest>;

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

export const actionsIndexed = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('actions'),
    actions: z.array(action),
    isWhole: z.boolean().describe('whether the index has no more of them'),
    readTo: sequence.describe('sequence of the last event that the index has'),
  }),
  refused,
]);
export type ActionsIndexed = z.output<typeof actionsIndexed>;

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

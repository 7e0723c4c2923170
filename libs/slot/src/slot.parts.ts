import { jsonText } from '#json';
import { instant, token, type Immutable } from '#kernel';
import { z } from 'zod';

/*
 * What events and states, and what agents report, say alike. It is part of the storage format: fields
 * may be added, with a default for what was recorded before; none is ever renamed or removed.
 */

const words = z.record(z.string(), z.string());

export const durationMs = z.number().positive();

/** Of a build configuration; 0: the one the agent is set to. */
const version = z.int().nonnegative();

/** How long things may take, and how often they may fail. All of them end somewhere. */
const limits = z.object({
  /** For the callback, where the right process is already running. */
  callbackMs: durationMs,
  /** For the callback, where the process has to be started first. */
  coldStartMs: durationMs,
  /** How long an allocation may be without players before it ends. */
  idleMs: durationMs,
  /** How long a session may last, players or not; null: no limit. */
  sessionMs: durationMs.nullable(),
  /** Crashes within one allocation that are answered by a restart; one more ends it. */
  restartsMax: z.int().nonnegative(),
});
export type SlotLimits = Immutable<z.output<typeof limits>>;

/** What a slot offers, and where it is found. */
export const offer = z.object({
  fleet: z.string(),
  buildConfiguration: z.string(),
  attributes: words,
  /** Attribute keys that a request must name to be given this slot. */
  requiredAttributes: z.array(z.string()),
  /** Lower is taken first. */
  priority: z.number(),
  /** `host:port` of the game, as players are told it. */
  address: z.string(),
  ip: z.string(),
  ports: z.record(z.string(), z.int().min(0).max(65_535)),
  limits,
  /** Whether its agent runs any build configuration of the region, or this one only. */
  runsAny: z.boolean().default(false),
  /** Others at which players may reach it, by name: `ipv6`, `internal`. Its ports are the same there. */
  addresses: words.optional(),
});
export type Offer = Immutable<z.output<typeof offer>>;

/** A build configuration at one of its versions. */
export const assignment = z.object({ buildConfiguration: z.string(), version });
export type Assignment = Immutable<z.output<typeof assignment>>;

/** The checks of a game that there are. */
export const CHECKS = { start: 'start', query: 'query' } as const;

/** A check of a game that failed, for good enough a reason to act upon. */
export const checkFailure = z.object({
  /** Which check; agents may know of more of them than who reads this. */
  check: z.string(),
  reason: z.string(),
  /** When it failed, by the agent's clock (epoch ms): tells it from others. */
  failedAt: instant,
});
export type CheckFailure = Immutable<z.output<typeof checkFailure>>;

export const gameProcess = z.object({
  pid: z.int(),
  startedAt: instant,
  buildConfiguration: z.string(),
  version: version.default(0),
});
export type GameProcess = Immutable<z.output<typeof gameProcess>>;

/** What a claim says and its allocation keeps: a field added here is in both. */
export const claimTerms = {
  /** 1 for the first slot tried, one more for every recorded failure before. */
  attempt: z.int(),
  /** The allocator that claimed; the agent reports to it first. */
  allocator: token,
  buildConfiguration: z.string(),
  payload: jsonText,
  callbackUntil: instant,
  idleMs: durationMs,
  version: version.default(0),
  /** Crashes that are answered by a restart; null: as the offer says. */
  restartsMax: z.int().nonnegative().nullable().default(null),
  /** Whether the game has to say that it is ready before the request is answered. */
  readiness: z.boolean().default(false),
  /** Whether a process that ran before the claim will not do. */
  fresh: z.boolean().default(false),
  /** Who asked: the name of the token, where there was one, and what the requester calls itself. */
  requestedBy: z.string().default('unnamed'),
};

/** Why a claim ended before its callback was acknowledged. */
export const refusalCause = z.enum([
  /** The game said no, or its agent could not have it asked. */
  'game',
  /** Its process ended before it answered. */
  'process-ended',
  /** Its process could not be started, or would not have the slot's ports. */
  'not-started',
  /** It did not answer, or did not say that it is ready, in time. */
  'no-answer',
  /** It was one session too many for its fleet. */
  'fleet-maximum',
]);
export type RefusalCause = z.output<typeof refusalCause>;

/**
 * How many starts of the slot's game have failed in a row, this one included; 0: this is none, or it was
 * recorded before they were counted.
 */
export const failedStartCount = z.int().nonnegative().default(0);

/** Claims in a row for which the slot's game did not start, or not in time. */
export const failedStarts = z.object({
  count: z.int().positive(),
  /** Of the last one, for people. */
  reason: z.string(),
  /** When the last one failed (epoch ms). */
  at: instant,
});
export type FailedStarts = Immutable<z.output<typeof failedStarts>>;

/** What the end of an allocation is to the request that it was for. No value is ever added. */
export const endOutcome = z.enum([
  /** Its session is over: the id is spent. */
  'over',
  /** The slot did not take it: another one is tried, so many times and no more. */
  'failed',
  /** It was taken back, and not for its slot's sake: another one is tried. */
  'withdrawn',
]);
export type EndOutcome = z.output<typeof endOutcome>;

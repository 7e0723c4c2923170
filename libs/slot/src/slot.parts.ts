import { jsonText } from '#json';
import { instant, token, type Immutable } from '#kernel';
import { z } from 'zod';
import { projectName } from './slot.projects.js';

/*
 * The fields that events, states and agents' reports share. They are part of the storage format:
 * fields may be added, with a default for older records; none is ever renamed or removed.
 */

const words = z.record(z.string(), z.string());

export const durationMs = z.number().positive();

/** Version of a build configuration; 0: the configuration that the agent is set to. */
const version = z.int().nonnegative();

/**
 * How long things may take (ms), and how often they may fail. Only a session's length may be
 * unlimited.
 */
const limits = z.object({
  /** For the callback, if the right process is already running. */
  callbackMs: durationMs,
  /** For the callback, if the process has to be started first. */
  coldStartMs: durationMs,
  /** How long an allocation may be without players before it ends. */
  idleMs: durationMs,
  /** How long a session may last, players or not; null: no limit. */
  sessionMs: durationMs.nullable(),
  /** Number of crashes within one allocation that are answered by a restart; one more ends it. */
  restartsMax: z.int().nonnegative(),
});
export type SlotLimits = Immutable<z.output<typeof limits>>;

/** A number of 31 bits, which every client can hold. */
const number = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);

/**
 * The numbers by which games and tools know a slot and its machine, if other slots or machines of
 * the region have the numbers that their names give.
 */
export const slotNumbers = z.object({
  server: number.exactOptional(),
  machine: number.exactOptional(),
});
export type SlotNumbers = Immutable<z.output<typeof slotNumbers>>;

/** Recorded of who asked, where nobody said. */
export const UNNAMED = 'unnamed';

/** What a slot offers, and where players reach it. */
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
  /** Whether the agent can run any build configuration of the region, or only this one. */
  runsAny: z.boolean().default(false),
  /**
   * Other addresses at which players may reach the game, by name (`ipv6`, `internal`); same ports
   * there.
   */
  addresses: words.optional(),
  /** The projects whose requests may be given the slot; missing: those of the default project. */
  projects: z.array(projectName).min(1).optional(),
});
export type Offer = Immutable<z.output<typeof offer>>;

/** A build configuration at one of its versions. */
export const assignment = z.object({ buildConfiguration: z.string(), version });
export type Assignment = Immutable<z.output<typeof assignment>>;

/** The checks of a game that exist today. */
export const CHECKS = { start: 'start', query: 'query' } as const;

/** A failed check of a game, serious enough to act upon. */
export const checkFailure = z.object({
  /** Which check; a newer agent may name checks that this reader does not know. */
  check: z.string(),
  reason: z.string(),
  /** When it failed, by the agent's clock (epoch ms); tells one failure from another. */
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

/** What a claim states and its allocation keeps: a field added here is in both. */
export const claimTerms = {
  /**
   * 1 for the first slot that was tried, and one more for each recorded failure before this claim.
   */
  attempt: z.int(),
  /** The allocator that made the claim; the agent reports to it first. */
  allocator: token,
  buildConfiguration: z.string(),
  payload: jsonText,
  /**
   * The key that payload, answer and token are encrypted with, by its number among the region's keys;
   * missing: they are as they were sent.
   */
  payloadKey: z.int().positive().exactOptional(),
  callbackUntil: instant,
  idleMs: durationMs,
  version: version.default(0),
  /** Number of crashes that are answered by a restart; null: as the offer says. */
  restartsMax: z.int().nonnegative().nullable().default(null),
  /** Whether the game has to say that it is ready before the request is answered. */
  readiness: z.boolean().default(false),
  /** Whether the session needs a process started after the claim. */
  fresh: z.boolean().default(false),
  /**
   * Who asked: the name of the access token, if there was one, and the name the requester gives
   * itself.
   */
  requestedBy: z.string().default(UNNAMED),
};

/** Whether a session's token is encrypted, with the key of its payload; missing: it is in clear. */
export const tokenEncrypted = z.literal(true).exactOptional();

/** As much of a game's last line of output as is recorded, in characters. */
export const LAST_LINE_MAX = 256;

/** As the game wrote it: whoever shows it escapes its control characters. */
export const lastLine = z.string().max(LAST_LINE_MAX);

/** Why a claim ended before its callback was acknowledged. */
export const refusalCause = z.enum([
  /** The game refused, or its agent could not make the callback. */
  'game',
  /** Its process ended before it answered. */
  'process-ended',
  /** The game's process could not be started, or could not have the slot's ports. */
  'not-started',
  /** The game did not answer, or did not say that it is ready, in time. */
  'no-answer',
  /** The session was one too many for its fleet. */
  'fleet-maximum',
  /**
   * The machine serves another session in the slot, or has seen a later claim, because the log went
   * back.
   */
  'occupied',
]);
export type RefusalCause = z.output<typeof refusalCause>;

/**
 * How many starts of the slot's game have failed in a row, this one included. 0: this is not a
 * failed start, or it was recorded before they were counted.
 */
export const failedStartCount = z.int().nonnegative().default(0);

/** Starts of the slot's game that failed in a row: it did not start, or not in time. */
export const failedStarts = z.object({
  count: z.int().positive(),
  /** Why the last one failed, for people. */
  reason: z.string(),
  /** When the last one failed (epoch ms). */
  at: instant,
});
export type FailedStarts = Immutable<z.output<typeof failedStarts>>;

/** What the end of an allocation means for its request. No value is ever added. */
export const endOutcome = z.enum([
  /** The session is over: the request's id is used up. */
  'over',
  /** The slot failed to serve it: another slot is tried, up to a limit. */
  'failed',
  /** The claim was taken back for a reason that is not the slot's: another slot is tried. */
  'withdrawn',
]);
export type EndOutcome = z.output<typeof endOutcome>;

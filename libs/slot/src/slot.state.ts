import { jsonText } from '#json';
import { instant, token, type Immutable } from '#kernel';
import { z } from 'zod';

/*
 * The storage format of a slot's state, and the parts that events say too. Fields may be added, with
 * a default for what was recorded before; none is ever renamed or removed.
 */

/** Names one slot for ever; no two slots, past or future, share it. */
export interface SlotRef {
  readonly region: string;
  readonly agent: string;
  readonly slot: string;
}

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
});
export type Offer = Immutable<z.output<typeof offer>>;

/** A build configuration at one of its versions. */
export const assignment = z.object({ buildConfiguration: z.string(), version });
export type Assignment = Immutable<z.output<typeof assignment>>;

/** A check of a game that failed, for good enough a reason to act upon. */
export const checkFailure = z.object({
  /** Which check: `start`, `query`, `readiness`. */
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
};

/** One grant of the slot to one game session. Instants are epoch milliseconds. */
const allocation = z.object({
  id: z.string(),
  ...claimTerms,
  /** When it was claimed: the instant of `AllocationRequested`. */
  requestedAt: instant,
  /** When it ends for lack of players; null while there are some. */
  idleUntil: instant.nullable(),
  sessionUntil: instant.nullable(),
  acknowledgedAt: instant.nullable(),
  /** What the game server answered to the callback. */
  answer: jsonText,
  /** Secret shared with the game server; may be used to admit players. */
  token: z.string().nullable(),
  crashes: z.int(),
});
export type Allocation = Immutable<z.output<typeof allocation>>;

/** How an allocation ended, kept until the slot's next one has ended. */
const allocationEnd = z.object({
  allocationId: z.string(),
  attempt: z.int(),
  /** The type of the event that ended it. */
  by: z.string(),
  reason: z.string(),
  at: instant,
});
export type AllocationEnd = Immutable<z.output<typeof allocationEnd>>;

const context = z.object({
  offer: offer.nullable(),
  /** Start of the agent that last registered the slot (epoch ms); older ones are not believed. */
  incarnation: instant,
  process: gameProcess.nullable(),
  /** Claims of this slot so far: the fencing token of the current one. Agents refuse lower ones. */
  fence: z.int().nonnegative(),
  allocation: allocation.nullable(),
  lastEnd: allocationEnd.nullable(),
  /** What will become of the slot once its session is over. */
  pending: z.enum(['drain', 'maintenance']).nullable(),
  agentLost: z.boolean(),
  /** Whether a process shall stand ready while the slot is free; null: as its agent is set. */
  warmth: z.boolean().nullable().default(null),
  /** What the slot's processes are to be while it is free; null: as its agent is set. */
  assigned: assignment.nullable().default(null),
  /** Until when the game asks not to be stopped (epoch ms); null: it does not. */
  heldUntil: instant.nullable().default(null),
  /** What is wrong with the process that runs, or with its start; null: nothing is known to be. */
  failure: checkFailure.nullable().default(null),
});
export type SlotContext = Immutable<z.output<typeof context>>;

/** Where a slot is: the machine's states, as they are stored. */
const value = z.union([
  z.object({ available: z.enum(['cold', 'warm']) }),
  z.object({ allocated: z.enum(['awaiting', 'live', 'idle']) }),
  z.enum(['unregistered', 'deallocated', 'drained', 'maintenance', 'retired']),
]);

export const slotState = z.object({ value, context });
export type SlotState = Immutable<z.output<typeof slotState>>;

/** Before anything has happened. */
export const blank: SlotContext = {
  offer: null,
  incarnation: 0,
  process: null,
  fence: 0,
  allocation: null,
  lastEnd: null,
  pending: null,
  agentLost: false,
  warmth: null,
  assigned: null,
  heldUntil: null,
  failure: null,
};

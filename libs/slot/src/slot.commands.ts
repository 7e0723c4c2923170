import { jsonText, type JsonText } from '#json';
import { instant, type Immutable, type NotNow, type Proposal } from '#kernel';
import { z } from 'zod';
import type { SlotEvent } from './slot.events.js';
import type { Asked, Grounds } from './slot.grounds.js';
import {
  checkFailure,
  gameProcess,
  lastLine,
  offer,
  refusalCause,
  tokenEncrypted,
  type Assignment,
  type GameProcess,
  type RefusalCause,
  type SlotLimits,
  type SlotNumbers,
} from './slot.parts.js';
import { allocation } from './slot.state.js';

export interface RequestAllocation {
  readonly type: 'RequestAllocation';
  readonly at: number;
  readonly allocationId: string;
  readonly attempt: number;
  readonly allocator: string;
  /** Null: the configuration that the slot is to run. */
  readonly buildConfiguration: string | null;
  readonly payload: JsonText;
  /** The key that the payload is encrypted with, if it is. */
  readonly payloadKey?: number;
  /** Null: the slot's own limit. */
  readonly idleMs: number | null;
  /**
   * The terms of the build configuration; null if none is named, or it is the one the agent is set
   * to.
   */
  readonly terms: SessionTerms | null;
  /** Whether the session needs a new process, even if one that runs would fit. */
  readonly fresh: boolean;
  readonly requestedBy: string;
  /** What was asked for and why this slot was chosen; only recorded, no decision depends on it. */
  readonly asked?: Asked;
  readonly grounds?: Grounds;
}

/** What a version of a build configuration sets for the sessions that use it. */
export interface SessionTerms {
  readonly version: number;
  readonly limits: SlotLimits;
  readonly readiness: boolean;
}

/** How a process ended; both fields are null if nobody saw it. */
const processExit = z.object({
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  /** The last line of its output, cut to `LAST_LINE_MAX`; missing where it said nothing. */
  lastLine: lastLine.exactOptional(),
  /** Why the system killed it, such as `out of its memory limit (64 MiB)`. */
  killedAs: z.string().max(200).exactOptional(),
});
export type ProcessExit = Immutable<z.output<typeof processExit>>;

/** Why a claim failed, as an agent reports it. */
export const reportedCause = refusalCause.exclude(['fleet-maximum', 'occupied']);
export type ReportedCause = z.output<typeof reportedCause>;

/** What the agent knows of the slot's current session. */
const sessionReport = z.object({
  /** The claim that the session belongs to. */
  fence: z.int(),
  /**
   * The allocation of that claim. It is compared too, since after the log went back another
   * allocation can have the same fence.
   */
  allocationId: z.string().exactOptional(),
  callback: z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('pending') }),
    z.object({
      outcome: z.literal('acked'),
      answer: jsonText,
      token: z.string(),
      /** Only allocators encrypt it, before they record the report. */
      tokenEncrypted,
    }),
    z.object({
      outcome: z.literal('refused'),
      reason: z.string(),
      cause: reportedCause.default('game'),
    }),
  ]),
  /** Null: the game does not say. */
  players: z.int().nonnegative().nullable(),
  /**
   * Why the number of players is unknown although the game answers its queries. There may be
   * players, so the idle clock is stopped.
   */
  uncounted: z.string().exactOptional(),
  /** How the session's last process ended; null while it runs. */
  exit: processExit.nullable(),
  /** Whether nothing of a session whose game exited with 0 is left on the machine. */
  cleared: z.literal(true).exactOptional(),
  /**
   * Number of processes that crashed under this claim: tells a new crash from one reported before.
   */
  crashes: z.int().nonnegative(),
});
export type SessionReport = Immutable<z.output<typeof sessionReport>>;

/**
 * An acknowledged session that is missing in the log because the log went back, as its agent
 * remembers it.
 */
const unloggedSession = z.object({ fence: z.int().positive(), allocation });
export type UnloggedSession = Immutable<z.output<typeof unloggedSession>>;

/** Everything an agent sees of one slot, never a difference, so any single report may be lost. */
export const slotReport = z.object({
  /**
   * Missing: the offer is the one that the log shows, registered by this same start of the agent.
   */
  offer: offer.optional(),
  incarnation: instant,
  process: gameProcess.nullable(),
  session: sessionReport.nullable(),
  /** Nothing of the claims up to this fence is left on the machine. */
  clearedFence: z.int(),
  /** What clearing the slot took the last time, if it took more than usual. */
  remark: z.string().default(''),
  /** The game asks not to be stopped before this instant (epoch ms); null if it does not ask. */
  heldUntil: instant.nullable().default(null),
  /** What is wrong with the game; null if nothing is known to be wrong. */
  failure: checkFailure.nullable().default(null),
  /** Who registered the server, if it registered itself. */
  registeredBy: z.string().exactOptional(),
  /**
   * The session that runs on the machine although the log has none, or another one, for the slot.
   */
  unlogged: unloggedSession.exactOptional(),
});
export type SlotReport = Immutable<z.output<typeof slotReport>>;

export interface ApplyReport {
  readonly type: 'ApplyReport';
  readonly at: number;
  readonly report: SlotReport;
  /** New numbers for a free slot whose present numbers belong to other slots. */
  readonly numbers?: SlotNumbers;
}

/** Records a session that the log lost. It is refused if the slot has another session. */
export interface RestoreSession {
  readonly type: 'RestoreSession';
  readonly at: number;
  readonly session: UnloggedSession;
  /** The process that serves the session. */
  readonly process: GameProcess | null;
}

/** Records the deadline that has passed by `at`. */
export interface Expire {
  readonly type: 'Expire';
  readonly at: number;
}

export interface Deallocate {
  readonly type: 'Deallocate';
  readonly at: number;
  readonly allocationId: string;
  readonly reason: string;
  readonly by: string;
}

/** Why a claim is taken back for a reason that is neither the agent's nor the game's fault. */
export type WithdrawalCause = Exclude<RefusalCause, ReportedCause>;

/** Takes back a claim whose callback is not answered yet. */
export interface RefuseClaim {
  readonly type: 'RefuseClaim';
  readonly at: number;
  /** The claim to take back. */
  readonly fence: number;
  readonly cause: WithdrawalCause;
}

/** What an operator, or the registrar, asks of a slot. */
export interface Direct {
  readonly type:
    'Drain' | 'WithdrawDrain' | 'BeginMaintenance' | 'EndMaintenance' | 'Retire' | 'Repair';
  readonly at: number;
  readonly reason: string;
  readonly by: string;
}

/** Sets whether a process stands ready while the slot is free; null: as its agent is set. */
export interface SetWarmth {
  readonly type: 'SetWarmth';
  readonly at: number;
  readonly warmth: boolean | null;
}

/** Sets what the slot's processes run while it is free; null: as its agent is set. */
export interface AssignConfiguration {
  readonly type: 'AssignConfiguration';
  readonly at: number;
  readonly assigned: Assignment | null;
}

export interface LoseAgent {
  readonly type: 'LoseAgent';
  readonly at: number;
}

/** Why a slot refuses a command; there are no other reasons. */
export type SlotRefusalCode =
  | NotNow
  | 'not-registered'
  /** The report comes from an earlier start of the agent. */
  | 'stale-report'
  /** No deadline has passed. */
  | 'not-due'
  /** The slot does not hold the allocation that the command names. */
  | 'not-this-allocation'
  /** The callback of the claim that the command names is already answered or given up. */
  | 'not-awaiting';

export type SlotProposal = Proposal<SlotEvent, SlotRefusalCode>;

export type SlotCommand =
  | RequestAllocation
  | ApplyReport
  | RestoreSession
  | Expire
  | Deallocate
  | RefuseClaim
  | Direct
  | SetWarmth
  | AssignConfiguration
  | LoseAgent;

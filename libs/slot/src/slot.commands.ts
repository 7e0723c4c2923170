import { jsonText, type JsonText } from '#json';
import { instant, type Immutable, type NotNow, type Proposal } from '#kernel';
import { z } from 'zod';
import type { SlotEvent } from './slot.events.js';
import {
  checkFailure,
  gameProcess,
  offer,
  refusalCause,
  type Assignment,
  type RefusalCause,
  type SlotLimits,
} from './slot.parts.js';

export interface RequestAllocation {
  readonly type: 'RequestAllocation';
  readonly at: number;
  readonly allocationId: string;
  readonly attempt: number;
  readonly allocator: string;
  /** Null: whatever the slot offers. */
  readonly buildConfiguration: string | null;
  readonly payload: JsonText;
  /** Null: the slot's own limit. */
  readonly idleMs: number | null;
  /** The build configuration's terms; null: none is named, or it is the agent's own. */
  readonly terms: SessionTerms | null;
  /** Whether a process that runs already will not do. */
  readonly fresh: boolean;
  readonly requestedBy: string;
}

/** What a version of a build configuration says of the sessions it is used for. */
export interface SessionTerms {
  readonly version: number;
  readonly limits: SlotLimits;
  readonly readiness: boolean;
}

/** How a process ended; both null where nobody saw it. */
const processExit = z.object({ exitCode: z.int().nullable(), signal: z.string().nullable() });
export type ProcessExit = Immutable<z.output<typeof processExit>>;

/** Why an agent says that a claim failed. */
export const reportedCause = refusalCause.exclude(['fleet-maximum']);
export type ReportedCause = z.output<typeof reportedCause>;

/** What the agent knows of the session it was given. */
const sessionReport = z.object({
  /** The claim this is about. */
  fence: z.int(),
  callback: z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('pending') }),
    z.object({ outcome: z.literal('acked'), answer: jsonText, token: z.string() }),
    z.object({
      outcome: z.literal('refused'),
      reason: z.string(),
      cause: reportedCause.default('game'),
    }),
  ]),
  /** Null: the game does not tell. */
  players: z.int().nonnegative().nullable(),
  /**
   * Why nobody can tell how many play, of a game that was to be asked and answers. There may be some,
   * so the idle clock is stopped.
   */
  uncounted: z.string().exactOptional(),
  /** How its last process ended; null while that runs. */
  exit: processExit.nullable(),
  /** Processes that have crashed under this claim: tells a new crash from one reported before. */
  crashes: z.int().nonnegative(),
});
export type SessionReport = Immutable<z.output<typeof sessionReport>>;

/** The whole of what an agent sees of one slot; never a difference, so any of them may be lost. */
export const slotReport = z.object({
  /** Missing: the one that this start of the agent has registered, and that the log shows. */
  offer: offer.optional(),
  incarnation: instant,
  process: gameProcess.nullable(),
  session: sessionReport.nullable(),
  /** Claims up to this fence have left nothing behind on the machine. */
  clearedFence: z.int(),
  /** What it took to clear the slot last, where that was more than usual. */
  remark: z.string().default(''),
  /** Until when the game asks not to be stopped (epoch ms); null: it does not. */
  heldUntil: instant.nullable().default(null),
  /** What is wrong with the game; null: nothing is known to be. */
  failure: checkFailure.nullable().default(null),
});
export type SlotReport = Immutable<z.output<typeof slotReport>>;

export interface ApplyReport {
  readonly type: 'ApplyReport';
  readonly at: number;
  readonly report: SlotReport;
}

/** Records whatever deadline has passed at `at`. */
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

/** Why a claim is taken back, for which nobody who serves it is to blame. */
export type WithdrawalCause = Exclude<RefusalCause, ReportedCause>;

/** Takes back a claim whose callback is not answered yet. */
export interface RefuseClaim {
  readonly type: 'RefuseClaim';
  readonly at: number;
  /** The claim this is about. */
  readonly fence: number;
  readonly cause: WithdrawalCause;
}

/** What an operator, or the absence of an agent, asks of a slot. */
export interface Direct {
  readonly type:
    'Drain' | 'WithdrawDrain' | 'BeginMaintenance' | 'EndMaintenance' | 'Retire' | 'Repair';
  readonly at: number;
  readonly reason: string;
  readonly by: string;
}

/** Says whether a process shall stand ready while the slot is free; null: as its agent is set. */
export interface SetWarmth {
  readonly type: 'SetWarmth';
  readonly at: number;
  readonly warmth: boolean | null;
}

/** Says what the slot's processes are to be while it is free; null: as its agent is set. */
export interface AssignConfiguration {
  readonly type: 'AssignConfiguration';
  readonly at: number;
  readonly assigned: Assignment | null;
}

export interface LoseAgent {
  readonly type: 'LoseAgent';
  readonly at: number;
}

/** Why the slot's law does not follow a command; nothing else is refused. */
export type SlotRefusalCode =
  | NotNow
  | 'not-registered'
  /** The report comes from an earlier start of the agent. */
  | 'stale-report'
  /** No deadline has passed. */
  | 'not-due'
  /** The slot does not hold the allocation that is meant. */
  | 'not-this-allocation'
  /** The callback of the claim that is meant is settled. */
  | 'not-awaiting';

export type SlotProposal = Proposal<SlotEvent, SlotRefusalCode>;

export type SlotCommand =
  | RequestAllocation
  | ApplyReport
  | Expire
  | Deallocate
  | RefuseClaim
  | Direct
  | SetWarmth
  | AssignConfiguration
  | LoseAgent;

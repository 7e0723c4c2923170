import { jsonText } from '#json';
import { eventSchema, instant, type EventsOf } from '#kernel';
import { z } from 'zod';
import {
  assignment,
  checkFailure,
  claimTerms,
  durationMs,
  failedStartCount,
  gameProcess,
  lastLine,
  offer,
  refusalCause,
  slotNumbers,
  tokenEncrypted,
} from './slot.parts.js';
import { asked, grounds } from './slot.grounds.js';
import { allocation } from './slot.state.js';
import { upcastEvent } from './slot.upcast.js';

/** How the machine was made clean. */
const clearing = z.object({
  /** The process that stands ready for the next session. */
  process: gameProcess.nullable(),
  /**
   * What clearing took, if more than usual: a kill after the grace period, processes left behind; and
   * what the game used, where its machine counts that.
   */
  remark: z.string().default(''),
});

/** For an event that somebody asked for: why, and who. */
const wanted = { reason: z.string(), by: z.string() };

/** All that can happen to a slot. `at` is when it was recorded, by the log's clock (epoch ms). */
const shapes = {
  SlotRegistered: {
    offer,
    incarnation: instant,
    /** The latest claim that the machine has seen if it is later than the log's; otherwise 0. */
    fence: z.int().nonnegative().default(0),
    /** Only the numbers that change. */
    numbers: slotNumbers.exactOptional(),
    /** Who registered a server; missing for the slots of agents. */
    by: z.string().exactOptional(),
  },
  /** `by` is missing in what versions up to 0.2 recorded. */
  SlotRetired: { reason: z.string(), by: z.string().exactOptional() },
  ProcessStarted: { process: gameProcess },
  ProcessStopped: { reason: z.string() },
  /** The claim. Storing it is the grant; the agent learns of the claim by reading it. */
  AllocationRequested: {
    allocationId: z.string(),
    ...claimTerms,
    sessionMs: durationMs.nullable(),
    /**
     * Missing: the request accepted any server, or the event was recorded by an earlier version.
     */
    asked: asked.exactOptional(),
    /** Missing: the event was recorded by an earlier version. */
    grounds: grounds.exactOptional(),
  },
  CallbackAcked: {
    answer: jsonText,
    token: z.string(),
    tokenEncrypted,
    process: gameProcess.nullable(),
  },
  CallbackRefused: {
    cause: refusalCause,
    reason: z.string(),
    failedStarts: failedStartCount,
    /** Where the game's process had ended, what it said last. */
    lastLine: lastLine.exactOptional(),
  },
  CallbackTimedOut: {
    /** What is known of the cause; empty in records from before there was a reason. */
    reason: z.string().default(''),
    failedStarts: failedStartCount,
  },
  WentActive: {
    /** 0 if nobody can tell. */
    players: z.int(),
    /** Why nobody can tell how many play: the game's answers to its queries are not understood. */
    uncounted: z.string().exactOptional(),
  },
  WentIdle: {},
  ExitedZero: {
    /** Nothing was left to be cleared, so the slot is free again at once. */
    cleared: clearing.exactOptional(),
  },
  Crashed: {
    /** Null if a signal ended the process, or nobody saw how it ended. */
    exitCode: z.int().nullable(),
    signal: z.string().nullable(),
    /**
     * By the crash policy: the process restarts under the same allocation, or the allocation ends.
     */
    consequence: z.enum(['restart', 'end']),
    /** Both of these in words; empty where it was recorded before there was a reason. */
    reason: z.string().default(''),
    lastLine: lastLine.exactOptional(),
  },
  TtlExpired: { limit: z.enum(['idle', 'session']) },
  DeallocationRequested: wanted,
  /** The machine is clean again: the process is gone or new, and server.json is empty. */
  SlotCleared: clearing.shape,
  /** A check of the game failed. Recorded before anything is done about it. */
  CheckFailed: { failure: checkFailure, failedStarts: failedStartCount },
  DrainRequested: wanted,
  DrainWithdrawn: wanted,
  MaintenanceRequested: wanted,
  MaintenanceEnded: wanted,
  /** Sets whether a process stands ready while the slot is free; null: as its agent is set. */
  WarmthSet: { warmth: z.boolean().nullable() },
  /** Sets what the slot's processes run while it is free; null: as its agent is set. */
  ConfigurationAssigned: { assigned: assignment.nullable() },
  /**
   * The game asks not to be stopped before `until`, even without players; null: it no longer asks.
   */
  HoldSet: { until: instant.nullable() },
  /**
   * An operator put aside the unreadable message before this one; the state is that of the last
   * readable one.
   */
  SlotRepaired: wanted,
  /** The log had lost a session that still runs on the machine; this puts it back into the log. */
  SessionRestored: { allocation, fence: z.int().positive(), process: gameProcess.nullable() },
  AgentLost: {},
  AgentReturned: { incarnation: instant },
};

type SlotEvents = EventsOf<typeof shapes>;

export type SlotEventType = keyof SlotEvents;

/** One recorded event of a slot, of one type or any. */
export type SlotEvent<Type extends SlotEventType = SlotEventType> = SlotEvents[Type];

export const slotEvent = z.preprocess(upcastEvent, eventSchema(shapes));

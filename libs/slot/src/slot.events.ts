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
  offer,
  refusalCause,
} from './slot.parts.js';
import { upcastEvent } from './slot.upcast.js';

/** Somebody wants something of the slot: why, and who. */
const wanted = { reason: z.string(), by: z.string() };

/** All that can happen to a slot. `at` is when it was recorded, by the log's clock (epoch ms). */
const shapes = {
  SlotRegistered: { offer, incarnation: instant },
  SlotRetired: { reason: z.string() },
  ProcessStarted: { process: gameProcess },
  ProcessStopped: { reason: z.string() },
  /** The claim. That it is stored is the grant; that the agent sees it is the callback's delivery. */
  AllocationRequested: {
    allocationId: z.string(),
    ...claimTerms,
    sessionMs: durationMs.nullable(),
  },
  CallbackAcked: { answer: jsonText, token: z.string(), process: gameProcess.nullable() },
  CallbackRefused: { cause: refusalCause, reason: z.string(), failedStarts: failedStartCount },
  CallbackTimedOut: {
    /** What is known of why; empty where it was recorded before there was a reason. */
    reason: z.string().default(''),
    failedStarts: failedStartCount,
  },
  WentActive: {
    /** 0 where nobody can tell. */
    players: z.int(),
    /** Why nobody can tell how many play: the game answers its queries, and is not understood. */
    uncounted: z.string().exactOptional(),
  },
  WentIdle: {},
  ExitedZero: {},
  Crashed: {
    /** Null where a signal ended it, or nobody saw how it ended. */
    exitCode: z.int().nullable(),
    signal: z.string().nullable(),
    /** What the crash policy says: the process comes back under the same allocation, or it ends. */
    consequence: z.enum(['restart', 'end']),
  },
  TtlExpired: { limit: z.enum(['idle', 'session']) },
  DeallocationRequested: wanted,
  /** The machine is clean again: process gone or fresh, server.json emptied. */
  SlotCleared: {
    process: gameProcess.nullable(),
    /** What it took, where that was more than usual: a kill after the grace, processes left behind. */
    remark: z.string().default(''),
  },
  /** The agent looked, and the game was not well. Recorded before anything is done about it. */
  CheckFailed: { failure: checkFailure, failedStarts: failedStartCount },
  DrainRequested: wanted,
  DrainWithdrawn: wanted,
  MaintenanceRequested: wanted,
  MaintenanceEnded: wanted,
  /** Whether a process shall stand ready while the slot is free; null: as its agent is set. */
  WarmthSet: { warmth: z.boolean().nullable() },
  /** What the slot's processes are to be while it is free; null: as its agent is set. */
  ConfigurationAssigned: { assigned: assignment.nullable() },
  /** The game asks not to be stopped for a while, be it without players; null: not any more. */
  HoldSet: { until: instant.nullable() },
  /** An operator put aside what stands before it and cannot be read: the state is the one before that. */
  SlotRepaired: wanted,
  AgentLost: {},
  AgentReturned: { incarnation: instant },
};

type SlotEvents = EventsOf<typeof shapes>;

export type SlotEventType = keyof SlotEvents;

/** A fact about one slot: of one type, or any. */
export type SlotEvent<Type extends SlotEventType = SlotEventType> = SlotEvents[Type];

export const slotEvent = z.preprocess(upcastEvent, eventSchema(shapes));

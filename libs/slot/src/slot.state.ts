import { jsonText } from '#json';
import { instant, type Immutable } from '#kernel';
import { z } from 'zod';
import {
  assignment,
  checkFailure,
  claimTerms,
  endOutcome,
  failedStarts,
  gameProcess,
  offer,
} from './slot.parts.js';
import { upcastEnd } from './slot.upcast.js';

/*
 * The storage format of a slot's state. Fields may be added, with a default for what was recorded
 * before; none is ever renamed or removed.
 */

/** Names one slot for ever; no two slots, past or future, share it. */
export interface SlotRef {
  readonly region: string;
  readonly agent: string;
  readonly slot: string;
}

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
  by: z
    .string()
    .describe('the type of the event that ended it; there may be more types than you know'),
  outcome: endOutcome.describe(
    '`over`: the session is over; `failed`: the server did not take it, and another was tried; ' +
      '`withdrawn`: it was taken back, and not for the server',
  ),
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
  lastEnd: z.preprocess(upcastEnd, allocationEnd).nullable().nonoptional(),
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
  /** Null: its last game started, or none was to start yet. */
  failedStarts: failedStarts.nullable().default(null),
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
  failedStarts: null,
};

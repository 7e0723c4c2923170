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
  slotNumbers,
  tokenEncrypted,
} from './slot.parts.js';
import { upcastEnd } from './slot.upcast.js';

/*
 * The storage format of a slot's state. Fields may be added, with a default for what was recorded
 * before; none is ever renamed or removed.
 */

/** Names one slot for ever; no other slot, past or future, has the same name. */
export interface SlotRef {
  readonly region: string;
  readonly agent: string;
  readonly slot: string;
}

/** The grant of the slot to one game session. Instants are epoch milliseconds. */
export const allocation = z.object({
  id: z.string(),
  ...claimTerms,
  /** When the slot was claimed: the instant of `AllocationRequested`. */
  requestedAt: instant,
  /** When the allocation ends for lack of players; null while there are some. */
  idleUntil: instant.nullable(),
  sessionUntil: instant.nullable(),
  acknowledgedAt: instant.nullable(),
  /** What the game server answered to the callback. */
  answer: jsonText,
  /** Secret shared with the game server; may be used to admit players. */
  token: z.string().nullable(),
  tokenEncrypted,
  crashes: z.int(),
});
export type Allocation = Immutable<z.output<typeof allocation>>;

/** How the slot's last finished allocation ended; kept until the next one has ended. */
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

export const context = z.object({
  offer: offer.nullable(),
  /**
   * When the agent that last registered the slot started (epoch ms); reports of earlier starts are
   * refused.
   */
  incarnation: instant,
  process: gameProcess.nullable(),
  /**
   * Number of claims of this slot so far, the fence of the current one. Agents refuse lower ones.
   */
  fence: z.int().nonnegative(),
  allocation: allocation.nullable(),
  lastEnd: z.preprocess(upcastEnd, allocationEnd).nullable().nonoptional(),
  /** What the slot becomes once its session is over and cleared. */
  pending: z.enum(['drain', 'maintenance']).nullable(),
  agentLost: z.boolean(),
  /** Whether a process stands ready while the slot is free; null: as its agent is set. */
  warmth: z.boolean().nullable().default(null),
  /** What the slot's processes run while it is free; null: as its agent is set. */
  assigned: assignment.nullable().default(null),
  /** The game asks not to be stopped before this instant (epoch ms); null if it does not ask. */
  heldUntil: instant.nullable().default(null),
  /**
   * What is wrong with the running process, or with its start; null if nothing is known to be
   * wrong.
   */
  failure: checkFailure.nullable().default(null),
  /** Null if the last game started, or no game has had to start yet. */
  failedStarts: failedStarts.nullable().default(null),
  /** Missing if the numbers are those that the names give. */
  numbers: slotNumbers.exactOptional(),
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

/** The context before anything has happened. */
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

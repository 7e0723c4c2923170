import type { JsonText } from '#json';
import type { Assignment, CheckFailure, GameProcess, Offer } from './slot.state.js';

/** A fact about one slot. `at` is when it was recorded, by its writer's clock (epoch ms). */
interface Happened<Type extends string> {
  readonly type: Type;
  readonly at: number;
}

export interface SlotRegistered extends Happened<'SlotRegistered'> {
  readonly offer: Offer;
  readonly incarnation: number;
}

export interface SlotRetired extends Happened<'SlotRetired'> {
  readonly reason: string;
}

export interface ProcessStarted extends Happened<'ProcessStarted'> {
  readonly process: GameProcess;
}

export interface ProcessStopped extends Happened<'ProcessStopped'> {
  readonly reason: string;
}

/** The claim. That it is stored is the grant; that the agent sees it is the callback's delivery. */
export interface AllocationRequested extends Happened<'AllocationRequested'> {
  readonly allocationId: string;
  readonly attempt: number;
  readonly allocator: string;
  readonly buildConfiguration: string;
  readonly payload: JsonText;
  readonly callbackUntil: number;
  readonly idleMs: number;
  readonly sessionMs: number | null;
  /** Version of the build configuration; 0: the one the agent is set to. */
  readonly version: number;
  /** Crashes that are answered by a restart; null: as the offer says. */
  readonly restartsMax: number | null;
  /** Whether the game has to say that it is ready before the request is answered. */
  readonly readiness: boolean;
  /** Whether a process that runs already will not do. */
  readonly fresh: boolean;
}

export interface CallbackAcked extends Happened<'CallbackAcked'> {
  readonly answer: JsonText;
  readonly token: string;
  readonly process: GameProcess | null;
}

export interface CallbackRefused extends Happened<'CallbackRefused'> {
  readonly reason: string;
}

export type CallbackTimedOut = Happened<'CallbackTimedOut'>;

export interface WentActive extends Happened<'WentActive'> {
  /** 0 where nobody can tell. */
  readonly players: number;
  /** Why nobody can tell how many play: the game answers its queries, and is not understood. */
  readonly uncounted?: string;
}

export type WentIdle = Happened<'WentIdle'>;

export type ExitedZero = Happened<'ExitedZero'>;

export interface Crashed extends Happened<'Crashed'> {
  /** Null where a signal ended it, or nobody saw how it ended. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** What the crash policy says: the process comes back under the same allocation, or it ends. */
  readonly consequence: 'restart' | 'end';
}

export interface TtlExpired extends Happened<'TtlExpired'> {
  readonly limit: 'idle' | 'session';
}

export interface DeallocationRequested extends Happened<'DeallocationRequested'> {
  readonly reason: string;
  readonly by: string;
}

/** The machine is clean again: process gone or fresh, server.json emptied. */
export interface SlotCleared extends Happened<'SlotCleared'> {
  readonly process: GameProcess | null;
  /** What it took, where that was more than usual: a kill after the grace, processes left behind. */
  readonly remark: string;
}

/** The agent looked, and the game was not well. Recorded before anything is done about it. */
export interface CheckFailed extends Happened<'CheckFailed'> {
  readonly failure: CheckFailure;
}

/** Somebody wants something of the slot: why, and who. */
interface Wanted {
  readonly reason: string;
  readonly by: string;
}

export type DrainRequested = Happened<'DrainRequested'> & Wanted;
export type DrainWithdrawn = Happened<'DrainWithdrawn'> & Wanted;
export type MaintenanceRequested = Happened<'MaintenanceRequested'> & Wanted;
export type MaintenanceEnded = Happened<'MaintenanceEnded'> & Wanted;

/** Whether a process shall stand ready while the slot is free; null: as its agent is set. */
export interface WarmthSet extends Happened<'WarmthSet'> {
  readonly warmth: boolean | null;
}

/** What the slot's processes are to be while it is free; null: as its agent is set. */
export interface ConfigurationAssigned extends Happened<'ConfigurationAssigned'> {
  readonly assigned: Assignment | null;
}

/** The game asks not to be stopped for a while, be it without players; null: not any more. */
export interface HoldSet extends Happened<'HoldSet'> {
  readonly until: number | null;
}

export type AgentLost = Happened<'AgentLost'>;
export interface AgentReturned extends Happened<'AgentReturned'> {
  readonly incarnation: number;
}

export type SlotEvent =
  | SlotRegistered
  | SlotRetired
  | ProcessStarted
  | ProcessStopped
  | AllocationRequested
  | CallbackAcked
  | CallbackRefused
  | CallbackTimedOut
  | WentActive
  | WentIdle
  | ExitedZero
  | Crashed
  | TtlExpired
  | DeallocationRequested
  | SlotCleared
  | CheckFailed
  | DrainRequested
  | DrainWithdrawn
  | MaintenanceRequested
  | MaintenanceEnded
  | WarmthSet
  | ConfigurationAssigned
  | HoldSet
  | AgentLost
  | AgentReturned;

export type SlotEventType = SlotEvent['type'];

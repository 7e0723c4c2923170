import type { GameProcess, Json, Offer } from './slot.state.js';

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
  readonly payload: Json;
  readonly callbackUntil: number;
  readonly idleMs: number;
  readonly sessionMs: number | null;
}

export interface CallbackAcked extends Happened<'CallbackAcked'> {
  readonly answer: Json;
  readonly token: string;
  readonly process: GameProcess | null;
}

export interface CallbackRefused extends Happened<'CallbackRefused'> {
  readonly reason: string;
}

export type CallbackTimedOut = Happened<'CallbackTimedOut'>;

export interface WentActive extends Happened<'WentActive'> {
  readonly players: number;
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
  | DrainRequested
  | DrainWithdrawn
  | MaintenanceRequested
  | MaintenanceEnded
  | WarmthSet
  | AgentLost
  | AgentReturned;

export type SlotEventType = SlotEvent['type'];

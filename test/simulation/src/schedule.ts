import type { SlotLimits } from '#slot';
import type { SizeRequest } from '#wire';

export type FleetSize = NonNullable<SizeRequest['size']>;

/** What a game does with a session it is given; it travels in the request's payload. */
export interface GamePlan {
  readonly answer: 'accepts' | 'refuses' | 'hangs' | 'crashes';
  /** What comes of a session that was accepted; one that stays ends for lack of players. */
  readonly then: 'exits' | 'crashes' | 'stays';
  readonly afterMs: number;
}

/** A matchmaker asks for a server. */
export interface Asking {
  readonly kind: 'ask';
  /** From the beginning of the run (ms), as every `at`. */
  readonly at: number;
  readonly id: string;
  /** Which way it asks: by the client over the bus, over HTTP, or it publishes and goes away. */
  readonly via: 'client' | 'gateway' | 'queue';
  /** An attribute the server must have; null: any will do. */
  readonly map: string | null;
  /** How long it would wait for a server to become free. */
  readonly waitMs: number;
  readonly timeoutMs: number;
  /** One for each time a game is given the session; the last one stands for all that follow. */
  readonly games: readonly GamePlan[];
  /** What the matchmaker does some time after it has asked. */
  readonly then: 'nothing' | 'deallocate' | 'die' | 'cancel';
  readonly afterMs: number;
}

/** An operator takes a slot out of service, and puts it back some time later; or retires it. */
export interface Directing {
  readonly kind: 'direct';
  readonly at: number;
  readonly direction: 'drain' | 'begin-maintenance' | 'retire';
  /** Whether it ends the slot's session. */
  readonly isForced: boolean;
  /** From 1. */
  readonly machine: number;
  readonly slot: string;
  readonly forMs: number;
}

/** An operator sizes the fleet, and withdraws the size some time later. */
export interface Sizing {
  readonly kind: 'size';
  readonly at: number;
  readonly size: FleetSize;
  readonly forMs: number;
}

/** Something goes wrong. `nth` counts from 1, over the whole run. */
export type Fault =
  | { readonly kind: 'kill'; readonly who: string; readonly at: number; readonly downMs: number }
  /** Dies at its nth touch of the world: what it does there still happens, or does not. */
  | {
      readonly kind: 'killAtTouch';
      readonly who: string;
      readonly nth: number;
      readonly isDone: boolean;
      readonly downMs: number;
    }
  | { readonly kind: 'freeze'; readonly who: string; readonly at: number; readonly forMs: number }
  | {
      readonly kind: 'message';
      readonly nth: number;
      readonly fate: 'lost' | 'twice' | 'late';
      readonly byMs: number;
    }
  | {
      readonly kind: 'append';
      readonly nth: number;
      readonly fate: 'answerLost' | 'lost' | 'late' | 'busy' | 'inFlight';
      readonly byMs: number;
    }
  | { readonly kind: 'read'; readonly nth: number; readonly byMs: number }
  /** What an agent would have been shown is lost on the way. */
  | { readonly kind: 'look'; readonly nth: number }
  /** An allocator's follower stands still, with or without the log's heartbeats. */
  | {
      readonly kind: 'stall';
      readonly who: string;
      readonly at: number;
      readonly forMs: number;
      readonly isHeard: boolean;
    }
  | { readonly kind: 'logAway'; readonly at: number; readonly forMs: number }
  | {
      readonly kind: 'gameCrash';
      readonly machine: number;
      readonly slot: string;
      readonly at: number;
    };

export type Act = Asking | Directing | Sizing | Fault;

export interface Setting {
  readonly allocators: number;
  readonly machines: number;
  readonly slotsPerMachine: number;
  readonly keepWarm: boolean;
  readonly limits: SlotLimits;
  /** Which of its two checks the log makes first. */
  readonly first: 'id' | 'expectation';
  /** No clock is off by more than this (ms). */
  readonly skewMs: number;
}

/** All that decides a run; any subset of the acts is a run as well. */
export interface Schedule {
  readonly seed: number;
  readonly setting: Setting;
  readonly acts: readonly Act[];
}

/** When nothing goes wrong any more, and nobody asks for anything new. */
export const CALM_AT_MS = 60_000;

/** When nothing that went wrong before can still be on its way. */
export const HEALED_AT_MS = CALM_AT_MS + 16_000;

/** When everything must have come to rest at the latest. */
export const REST_BY_MS = CALM_AT_MS + 100_000;

/** How long the epilogue may take. */
export const EPILOGUE_MS = 30_000;

/** No answer of the log takes longer; then it is given up (ms). */
export const ANSWER_MS = 1_500;

export const REGION = 'sim';
export const allocatorName = (index: number) => `allocator-${index}`;
export const machineName = (index: number) => `machine-${index}`;
export const GATEWAY = 'gateway';
export const FLEET = 'harbour';

/** What every slot of a machine offers, besides being one. */
export const mapOf = (machine: number) => (machine % 2 === 1 ? 'docks' : 'woods');

import type { SlotLimits } from '#slot';
import type { SizeRequest } from '#wire';

export type FleetSize = NonNullable<SizeRequest['size']>;

/** What a game does with a session; it travels in the request's payload. */
export interface GamePlan {
  readonly answer: 'accepts' | 'refuses' | 'hangs' | 'crashes';
  /** How an accepted session goes on; one that stays ends for lack of players. */
  readonly then: 'exits' | 'crashes' | 'stays';
  readonly afterMs: number;
}

/** A matchmaker asks for a server. */
export interface Asking {
  readonly kind: 'ask';
  /** Time since the beginning of the run (ms), like every `at`. */
  readonly at: number;
  readonly id: string;
  /** How it asks: with the client over the bus, over HTTP, or by publishing and leaving. */
  readonly via: 'client' | 'gateway' | 'queue';
  /** An attribute that the server must have; null: any server will do. */
  readonly map: string | null;
  /** How long it waits for a server to become free (ms). */
  readonly waitMs: number;
  readonly timeoutMs: number;
  /**
   * One plan for each time that a game gets the session; the last one also stands for all that
   * follow.
   */
  readonly games: readonly GamePlan[];
  /** What the matchmaker does `afterMs` after it has asked. */
  readonly then: 'nothing' | 'deallocate' | 'die' | 'cancel';
  readonly afterMs: number;
}

/** An operator takes a slot out of service and puts it back later, or retires it. */
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

/** An operator sizes the fleet, and withdraws the size later. */
export interface Sizing {
  readonly kind: 'size';
  readonly at: number;
  readonly size: FleetSize;
  readonly forMs: number;
}

/** A fault. `nth` counts from 1, over the whole run. */
export type Fault =
  | { readonly kind: 'kill'; readonly who: string; readonly at: number; readonly downMs: number }
  /**
   * The process dies at its nth touch of the world; the effect of that touch takes place if
   * `isDone`.
   */
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
  /** An item that an agent would have seen is lost on the way. */
  | { readonly kind: 'look'; readonly nth: number }
  /** An allocator's subscription stalls, with or without the log's heartbeats. */
  | {
      readonly kind: 'stall';
      readonly who: string;
      readonly at: number;
      readonly forMs: number;
      readonly isHeard: boolean;
    }
  | { readonly kind: 'logAway'; readonly at: number; readonly forMs: number }
  /**
   * The log loses what was stored within the last `byMs` milliseconds, as if it were restored from
   * a copy.
   */
  | {
      readonly kind: 'logBack';
      readonly at: number;
      readonly byMs: number;
      readonly awayMs: number;
    }
  /** For so long the log has no room, and stores nothing; it can be read. */
  | { readonly kind: 'logFull'; readonly at: number; readonly forMs: number }
  /**
   * Somebody writes on a slot's subject what nobody can read; an operator repairs the slot `forMs`
   * later.
   */
  | {
      readonly kind: 'unreadable';
      readonly machine: number;
      readonly slot: string;
      readonly at: number;
      readonly forMs: number;
    }
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
  /** The greatest error of any clock (ms). */
  readonly skewMs: number;
  /** Whether each life of an allocator or agent is of the last release or of this one, by chance. */
  readonly isMixed: boolean;
}

/** Everything that determines a run; any subset of the acts is also a valid run. */
export interface Schedule {
  readonly seed: number;
  readonly setting: Setting;
  readonly acts: readonly Act[];
}

/** From this time on there are no more faults and no new requests. */
export const CALM_AT_MS = 60_000;

/** By this time no effect of an earlier fault is still on its way. */
export const HEALED_AT_MS = CALM_AT_MS + 16_000;

/** By this time everything must have come to rest. */
export const REST_BY_MS = CALM_AT_MS + 100_000;

/** How long the epilogue may take (ms). */
export const EPILOGUE_MS = 30_000;

/** How long an answer of the log may take before it is given up (ms). */
export const ANSWER_MS = 1_500;

export const REGION = 'sim';
export const allocatorName = (index: number) => `allocator-${index}`;
export const machineName = (index: number) => `machine-${index}`;
export const GATEWAY = 'gateway';
export const FLEET = 'harbour';

/** An attribute that every slot of a machine offers. */
export const mapOf = (machine: number) => (machine % 2 === 1 ? 'docks' : 'woods');

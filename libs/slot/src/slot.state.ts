import type { JsonText } from '#json';
import type { MachineState } from '#kernel';

/** Names one slot for ever; no two slots, past or future, share it. */
export interface SlotRef {
  readonly region: string;
  readonly agent: string;
  readonly slot: string;
}

/** How long things may take, and how often they may fail. All of them end somewhere. */
export interface SlotLimits {
  /** For the callback, where the right process is already running. */
  readonly callbackMs: number;
  /** For the callback, where the process has to be started first. */
  readonly coldStartMs: number;
  /** How long an allocation may be without players before it ends. */
  readonly idleMs: number;
  /** How long a session may last, players or not; null: no limit. */
  readonly sessionMs: number | null;
  /** Crashes within one allocation that are answered by a restart; one more ends it. */
  readonly restartsMax: number;
}

/** What a slot offers, and where it is found. */
export interface Offer {
  readonly fleet: string;
  readonly buildConfiguration: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Attribute keys that a request must name to be given this slot. */
  readonly requiredAttributes: readonly string[];
  /** Lower is taken first. */
  readonly priority: number;
  /** `host:port` of the game, as players are told it. */
  readonly address: string;
  readonly ip: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly limits: SlotLimits;
  /** Whether its agent runs any build configuration of the region, or this one only. */
  readonly runsAny: boolean;
}

/** A build configuration at one of its versions. */
export interface Assignment {
  readonly buildConfiguration: string;
  readonly version: number;
}

/** A check of a game that failed, for good enough a reason to act upon. */
export interface CheckFailure {
  /** Which check: `start`, `query`, `readiness`. */
  readonly check: string;
  readonly reason: string;
  /** When it failed, by the agent's clock (epoch ms): tells it from others. */
  readonly failedAt: number;
}

export interface GameProcess {
  readonly pid: number;
  readonly startedAt: number;
  readonly buildConfiguration: string;
  /** Version of the build configuration; 0: the one the agent is set to. */
  readonly version: number;
}

/** One grant of the slot to one game session. Instants are epoch milliseconds. */
export interface Allocation {
  readonly id: string;
  /** 1 for the first slot tried, one more for every recorded failure before. */
  readonly attempt: number;
  /** The allocator that claimed; the agent reports to it first. */
  readonly allocator: string;
  readonly buildConfiguration: string;
  readonly payload: JsonText;
  readonly requestedAt: number;
  readonly callbackUntil: number;
  readonly idleMs: number;
  /** When it ends for lack of players; null while there are some. */
  readonly idleUntil: number | null;
  readonly sessionUntil: number | null;
  readonly acknowledgedAt: number | null;
  /** What the game server answered to the callback. */
  readonly answer: JsonText;
  /** Secret shared with the game server; may be used to admit players. */
  readonly token: string | null;
  readonly crashes: number;
  /** Version of the build configuration; 0: the one the agent is set to. */
  readonly version: number;
  /** Crashes that are answered by a restart; null: as the offer says. */
  readonly restartsMax: number | null;
  /** Whether the game has to say that it is ready before the request is answered. */
  readonly readiness: boolean;
  /** Whether a process that ran before the claim will not do. */
  readonly fresh: boolean;
}

/** How an allocation ended, kept until the slot's next one has ended. */
export interface AllocationEnd {
  readonly allocationId: string;
  readonly attempt: number;
  /** The type of the event that ended it. */
  readonly by: string;
  readonly reason: string;
  readonly at: number;
}

export interface SlotContext {
  readonly offer: Offer | null;
  /** Start of the agent that last registered the slot (epoch ms); older ones are not believed. */
  readonly incarnation: number;
  readonly process: GameProcess | null;
  /** Claims of this slot so far: the fencing token of the current one. Agents refuse lower ones. */
  readonly fence: number;
  readonly allocation: Allocation | null;
  readonly lastEnd: AllocationEnd | null;
  /** What will become of the slot once its session is over. */
  readonly pending: 'drain' | 'maintenance' | null;
  readonly agentLost: boolean;
  /** Whether a process shall stand ready while the slot is free; null: as its agent is set. */
  readonly warmth: boolean | null;
  /** What the slot's processes are to be while it is free; null: as its agent is set. */
  readonly assigned: Assignment | null;
  /** Until when the game asks not to be stopped (epoch ms); null: it does not. */
  readonly heldUntil: number | null;
  /** What is wrong with the process that runs, or with its start; null: nothing is known to be. */
  readonly failure: CheckFailure | null;
}

/** Where a slot is: the machine's states, as they are stored. */
export type SlotValue =
  | 'unregistered'
  | { readonly available: 'cold' | 'warm' }
  | { readonly allocated: 'awaiting' | 'live' | 'idle' }
  | 'deallocated'
  | 'drained'
  | 'maintenance'
  | 'retired';

export type SlotState = MachineState<SlotValue, SlotContext>;

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
};

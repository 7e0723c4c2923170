import type { JsonText } from '#json';
import type { CallbackMeans } from '#build';
import type { CallbackOutcome } from '#callback-http';
import type { SlotPorts } from '../machine/slot-folder.js';
import type { Run } from '../process/processes.js';

/** What a callback needs to know of the game's process. */
export type CalledGame = Pick<Run, 'socketsOn'> & {
  readonly process: Pick<Run['process'], 'startedAt'>;
};

/** One callback: what the game is told, and how long that may take. */
export interface Delivery {
  readonly game: CalledGame;
  readonly ports: SlotPorts;
  /** The address that the game was given; it may bind to it. */
  readonly ip: string;
  readonly token: string;
  readonly payload: JsonText;
  /** Epoch ms, by the agent's own clock. */
  readonly until: number;
  /** Aborted when no request waits for the answer any more. */
  readonly signal: AbortSignal;
  /** How the game is told, by its build configuration. Missing if there is only one way. */
  readonly callback?: CallbackMeans;
  /** Whether the game itself says when it is ready; then the callback need not find that out. */
  readonly readiness?: boolean;
}

/** Tells a game server that it was chosen for a session. */
export abstract class Callback {
  /** Null if `signal` was aborted. Never throws: a failure of the game is returned as a refusal. */
  abstract deliver(delivery: Delivery): Promise<CallbackOutcome | null>;
}

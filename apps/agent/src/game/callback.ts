import type { JsonText } from '#json';
import type { CallbackMeans } from '#build';
import type { CallbackOutcome } from '#callback-http';
import type { SlotPorts } from '../machine/slot-folder.js';
import type { Run } from '../process/processes.js';

/** The process that is told, as far as telling needs to know it. */
export type CalledGame = Pick<Run, 'socketsOn'> & {
  readonly process: Pick<Run['process'], 'startedAt'>;
};

/** What is told to a game, and how long that may take. */
export interface Delivery {
  readonly game: CalledGame;
  readonly ports: SlotPorts;
  /** The address that the game was given, to bind if it likes. */
  readonly ip: string;
  readonly token: string;
  readonly payload: JsonText;
  /** Epoch ms, by the agent's own clock. */
  readonly until: number;
  /** Nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** As the build configuration says; one that knows a single way only need not look. */
  readonly callback?: CallbackMeans;
  /** Whether the game says by itself when it is ready, so that nothing else has to be looked for. */
  readonly readiness?: boolean;
}

/** Tells a game server that it has been chosen. */
export abstract class Callback {
  /** Null where it was aborted. Never throws: trouble with a game is a refusal. */
  abstract deliver(delivery: Delivery): Promise<CallbackOutcome | null>;
}

import type { JsonText } from '#json';
import type { CallbackMeans } from '#build';
import type { CallbackOutcome } from '#callback-http';

/** What is told to a game, and how long that may take. */
export interface Delivery {
  readonly port: number;
  readonly token: string;
  readonly payload: JsonText;
  /** Epoch ms, by the agent's own clock. */
  readonly until: number;
  /** Nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** As the build configuration says; one that knows a single way only need not look. */
  readonly callback?: CallbackMeans;
  /** The process whose listening is its consent, and where; null where it says that it is ready. */
  readonly listener?: { readonly pid: number; readonly port: number } | null;
}

/** Tells a game server that it has been chosen. */
export abstract class Callback {
  /** Null where it was aborted. Never throws: trouble with a game is a refusal. */
  abstract deliver(delivery: Delivery): Promise<CallbackOutcome | null>;
}

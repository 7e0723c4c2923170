/** How a session goes; it is the payload of the request. */
export interface Play {
  /**
   * exit: ends well; stay: runs until it is ended from outside; hang: does not answer its callback.
   */
  readonly play: 'exit' | 'stay' | 'crash' | 'refuse' | 'hang';
  /** How long the session runs (ms). */
  readonly playMs: number;
}

/** The fleets: stubs for volume, and real processes. */
export const FLEETS = { stub: 'stub', shell: 'shell', http: 'http' } as const;
export type Fleet = keyof typeof FLEETS;

export const REGION = 'storm';

/** How long a game may take to answer, if it runs and if it has to be started (ms). */
export const CALLBACK_MS = 2_000;
export const COLD_START_MS = 5_000;

/** A session without players is ended after this time (ms). */
export const IDLE_MS = 6_000;

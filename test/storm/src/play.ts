/** How a session is to go; it is the payload of the request. */
export interface Play {
  /** exit: ends well; stay: until it is ended from outside; hang: does not answer its callback. */
  readonly play: 'exit' | 'stay' | 'crash' | 'refuse' | 'hang';
  /** How long the session runs, in ms. */
  readonly playMs: number;
}

/** The fleets there are: stubs for the volume, and real processes. */
export const FLEETS = { stub: 'stub', shell: 'shell', http: 'http' } as const;
export type Fleet = keyof typeof FLEETS;

export const REGION = 'storm';

/** Time for a game to answer, where one runs and where it has to be started (ms). */
export const CALLBACK_MS = 2_000;
export const COLD_START_MS = 5_000;

/** A session that nobody ends is ended after so long without players (ms). */
export const IDLE_MS = 6_000;

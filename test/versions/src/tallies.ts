/** What came of one kind of request. */
export interface Tally {
  served: number;
  /** What was not answered as it should be. */
  readonly failed: string[];
}

export type Tallies = Record<string, Tally>;

/** The fleets of the sessions, by whether their games are called back. */
export const FLEETS = { silent: 'match', called: 'called' } as const;

/** What a request that no slot fits is refused with: the first by every version. */
export const REFUSALS = ['none-available', 'unknown-fleet', 'nothing-fits'];

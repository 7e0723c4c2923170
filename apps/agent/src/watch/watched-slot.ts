import type { Checks } from '#build';
import type { QueryProtocol } from '#server-query';
import type { CheckFailure } from '#slot';

/** A game that runs, and says over a query protocol how it is. */
export interface WatchedGame {
  /** Names this start of it. */
  readonly run: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly protocol: QueryProtocol;
  readonly port: number;
  readonly checks: Checks;
  /** How long after its start it may be without a first answer (ms). */
  readonly coldStartMs: number;
}

/** What the watch needs of a slot. */
export interface WatchedSlot {
  /** Null where no game runs that is to be queried. */
  watched(): WatchedGame | null;
  /** That so many play. */
  players(count: number): void;
  /** That a check of this run has failed: to be recorded, and then acted upon. */
  checkFailed(run: string, failure: CheckFailure): void;
}

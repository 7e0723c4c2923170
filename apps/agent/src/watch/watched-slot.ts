import type { Checks } from '#build';
import type { QueryProtocol } from '#server-query';
import type { CheckFailure } from '#slot';
import type { Counted } from '../slot/game-signals.js';

/** A game that runs, and says over a query protocol how it is. */
export interface WatchedGame {
  /** Names this start of it. */
  readonly run: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly protocol: QueryProtocol;
  /** The address that it was given, an IP address or a name. */
  readonly ip: string;
  readonly port: number;
  readonly checks: Checks;
  /** How long after its start it may be without a first answer (ms). */
  readonly coldStartMs: number;
  /** Whether bots count as players. */
  readonly countBots: boolean;
}

/** What the watch needs of a slot. */
export interface WatchedSlot {
  /** Null where no game runs that is to be queried. */
  watched(): WatchedGame | null;
  /** How many play, or that nobody can tell. */
  counted(counted: Counted): void;
  /** That a check of this run has failed: to be recorded, and then acted upon. */
  checkFailed(run: string, failure: CheckFailure): void;
}

import type { Checks } from '#build';
import type { QueryProtocol } from '#server-query';
import type { CheckFailure } from '#slot';
import type { Counted } from '../slot/game-signals.js';

/** A running game that can be queried. */
export interface WatchedGame {
  /** Id of this start of the game. */
  readonly run: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly protocol: QueryProtocol;
  /** The address that the game was given: an IP address or a name. */
  readonly ip: string;
  readonly port: number;
  readonly checks: Checks;
  /** How long after its start (ms) the game may be without a first answer. */
  readonly coldStartMs: number;
  /** Whether bots count as players. */
  readonly countBots: boolean;
}

/** What the watch needs of a slot. */
export interface WatchedSlot {
  /** Null if no game runs that is to be queried. */
  watched(): WatchedGame | null;
  /** Reports how many play, or that the number is unknown. */
  counted(counted: Counted): void;
  /** Reports that a check of this run has failed. The slot records that and then acts on it. */
  checkFailed(run: string, failure: CheckFailure): void;
}

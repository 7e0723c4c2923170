/** The number of players by a game's queries; `uncounted` says why the number is unknown. */
export type Counted = { readonly players: number } | { readonly uncounted: string };

/**
 * What the running game says of itself, through the SDK or in answer to queries. Discarded when the
 * game ends.
 */
export interface GameSignals {
  /** The claim for whose players the game is ready; null if it is not ready, or has not said so. */
  readonly readyFor: number | null;
  /** The number of players by the SDK; null if the game has not reported it. */
  readonly players: number | null;
  /** The number of players by queries; null if the game is not queried, or has not answered yet. */
  readonly counted: Counted | null;
  /** Until when (epoch ms) the game asks not to be stopped; null if it does not ask that. */
  readonly heldUntil: number | null;
}

export const noSignals: GameSignals = {
  readyFor: null,
  players: null,
  counted: null,
  heldUntil: null,
};

/** The SDK's number takes precedence over that of queries: it leaves out bots, and is not late. */
export function countOf({ players, counted }: GameSignals): Counted | null {
  return players === null ? counted : { players };
}

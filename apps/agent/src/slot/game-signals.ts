/** What the queries of a game say of its players; `uncounted`: why they cannot tell. */
export type Counted = { readonly players: number } | { readonly uncounted: string };

/** What the game that runs has said of itself, through the SDK or queried; its end takes it back. */
export interface GameSignals {
  /** The claim for whose players it is ready; null: it is not, or did not say. */
  readonly readyFor: number | null;
  /** How many play, by the SDK; null: it did not say. */
  readonly players: number | null;
  /** Of its queries; null: it is not queried, or has not answered yet. */
  readonly counted: Counted | null;
  /** Until when it asks not to be stopped (epoch ms); null: it does not. */
  readonly heldUntil: number | null;
}

export const noSignals: GameSignals = {
  readyFor: null,
  players: null,
  counted: null,
  heldUntil: null,
};

/** What the game says itself goes before what its queries say: it leaves out bots, and is not late. */
export function countOf({ players, counted }: GameSignals): Counted | null {
  return players === null ? counted : { players };
}

/** What the game that runs has said of itself through the SDK; its end takes it all back. */
export interface GameSignals {
  /** The claim for whose players it is ready; null: it is not, or did not say. */
  readonly readyFor: number | null;
  /** How many play; null: it did not say. */
  readonly players: number | null;
  /** Until when it asks not to be stopped (epoch ms); null: it does not. */
  readonly heldUntil: number | null;
}

export const noSignals: GameSignals = { readyFor: null, players: null, heldUntil: null };

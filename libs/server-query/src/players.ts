/** How many play, of how many that could. */
export interface Players {
  readonly players: number;
  readonly playersMax: number;
  /** How many of the players are bots, as far as the server says so. */
  readonly bots: number;
}

/**
 * The players who are people. Most servers count bots among their players; one with more bots than
 * players evidently does not, and nothing is subtracted.
 */
export function withoutBots({ players, bots }: Players): number {
  return bots <= players ? players - bots : players;
}

/** What one packet from a game server means for the question that is under way. */
export type Heard =
  /** To be sent; what comes back is heard next. */
  | { readonly kind: 'ask'; readonly packet: Buffer }
  /** More packets are needed. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'answer'; readonly players: Players };

/**
 * One question to one game server: what it says first, and what it makes of each packet. Sending
 * the opening again, after a packet was lost, begins anew; what still comes of the first try is heard.
 */
export interface Conversation {
  readonly opening: Buffer;
  /** Throws `Malformed` where the packet is none of this protocol. */
  hear(packet: Buffer): Heard;
}

/** How many play, of how many that could. */
export interface Players {
  readonly players: number;
  readonly playersMax: number;
}

/** What one packet from a game server means for the question that is under way. */
export type Heard =
  /** To be sent; what comes back is heard next. */
  | { readonly kind: 'ask'; readonly packet: Buffer }
  /** More packets are needed. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'answer'; readonly players: Players };

/** One question to one game server: what it says first, and what it makes of each packet. */
export interface Conversation {
  readonly opening: Buffer;
  /** Throws `Malformed` where the packet is none of this protocol. */
  hear(packet: Buffer): Heard;
}

/** The number of players of a server, and the most that it takes. */
export interface Players {
  readonly players: number;
  readonly playersMax: number;
  /** How many of the players are bots, if the server says so; otherwise 0. */
  readonly bots: number;
}

/**
 * The number of players that are people. Most servers count bots among their players. A server with
 * more bots than players does not, and nothing is subtracted.
 */
export function withoutBots({ players, bots }: Players): number {
  return bots <= players ? players - bots : players;
}

/** What one packet from a game server means for the current question. */
export type Heard =
  /** Send this packet and pass on what comes back. */
  | { readonly kind: 'ask'; readonly packet: Buffer }
  /** More packets are needed. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'answer'; readonly players: Players };

/**
 * One question to one game server: its first packet, and the meaning of each packet from the
 * server. If a packet is lost, the opening is sent again; answers to the earlier opening still
 * count.
 */
export interface Conversation {
  readonly opening: Buffer;
  /** Throws `Malformed` if the packet does not fit the protocol. */
  hear(packet: Buffer): Heard;
}

/** What one machine's games may take of the daemon. */
export interface DaemonLimits {
  /** Of one websocket frame, and of one request's body. */
  readonly messageBytesMax: number;
  /** Of all kinds together, over the whole machine. */
  readonly connectionsMax: number;
  /** Of one websocket. */
  readonly subscriptionsMax: number;
  /** What may wait for a client that does not read, before it is cut off. */
  readonly unreadBytesMax: number;
  /** A websocket that has not said CONNECT by then is cut off. */
  readonly connectMs: number;
  /** How often a websocket is asked for a sign of life; event streams carry one as often. */
  readonly pingMs: number;
  /** A websocket that is silent for longer is cut off. Clients ping every 25 s. */
  readonly silentMs: number;
}

export const daemonLimits: DaemonLimits = {
  messageBytesMax: 64 * 1024,
  connectionsMax: 4_096,
  subscriptionsMax: 64,
  unreadBytesMax: 256 * 1024,
  connectMs: 10_000,
  pingMs: 20_000,
  silentMs: 60_000,
};

/** Limits on what the games of one machine may use of the daemon. */
export interface DaemonLimits {
  /** Size of one websocket frame, and of the body of one request. */
  readonly messageBytesMax: number;
  /** All connections to the daemon together, over the whole machine. */
  readonly connectionsMax: number;
  /** Subscriptions of one websocket. */
  readonly subscriptionsMax: number;
  /** Bytes that may wait for a client that does not read, before it is cut off. */
  readonly unreadBytesMax: number;
  /** A websocket that has not sent CONNECT after this time is closed. */
  readonly connectMs: number;
  /** How often a websocket is pinged, and how often an event stream carries a sign of life. */
  readonly pingMs: number;
  /** A websocket that has been silent for this long is closed. Clients ping every 25 s. */
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

import type { Cancel } from '#kernel';
import type { WebSocket } from 'ws';
import type { DaemonLimits } from '../limits.js';
import type { SessionEvent } from '../session-events.js';
import {
  CLOSE,
  ERROR,
  errorReply,
  METHOD,
  push,
  readFrame,
  reply,
  serverIdIn,
  type CloseReason,
  type Command,
} from './protocol.js';

/** The protocol's version, sent in the reply to CONNECT. */
const VERSION = '1';

/** Subscribes to the sessions of a server; returns null if there is no such server. */
export type Subscribe = (
  serverId: string,
  listener: (event: SessionEvent) => void,
) => Cancel | null;

/** One client of the websocket: its subscriptions, and when it was last heard. */
export class CentrifugeConnection {
  private readonly subscriptions = new Map<string, Cancel>();
  private isConnected = false;
  private heardAt: number;

  constructor(
    private readonly socket: WebSocket,
    private readonly clientId: string,
    private readonly openedAt: number,
    private readonly subscribe: Subscribe,
    private readonly limits: DaemonLimits,
  ) {
    this.heardAt = openedAt;
  }

  receive(frame: string, now: number): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    this.heard(now);
    const commands = readFrame(frame);
    if (commands === null) return this.close(CLOSE.badRequest);
    for (const command of commands) this.obey(command);
  }

  heard(now: number): void {
    this.heardAt = now;
  }

  /**
   * To be called periodically: pings the client, or closes the connection if the client is silent
   * or late.
   */
  look(now: number): void {
    const { connectMs, silentMs } = this.limits;
    const isLate = !this.isConnected && now - this.openedAt >= connectMs;
    if (isLate || now - this.heardAt >= silentMs) return this.close(CLOSE.stale);
    this.socket.ping();
  }

  close({ code, reason, reconnect }: CloseReason): void {
    this.forget();
    this.socket.close(code, JSON.stringify({ reason, reconnect }));
  }

  /** Cancels all subscriptions. */
  forget(): void {
    for (const cancel of this.subscriptions.values()) cancel();
    this.subscriptions.clear();
  }

  private obey({ id, method, params }: Command): void {
    if (method !== METHOD.connect && !this.isConnected) {
      return this.send(errorReply(id, ERROR.unauthorized));
    }
    switch (method) {
      case METHOD.connect:
        this.isConnected = true;
        return this.send(reply(id, { client: this.clientId, version: VERSION }));
      case METHOD.subscribe:
        return this.follow(id, serverIdIn(params));
      case METHOD.unsubscribe:
        return this.unfollow(id, serverIdIn(params));
      case METHOD.ping:
        return this.send(reply(id, {}));
      default:
        return this.send(errorReply(id, ERROR.methodNotFound));
    }
  }

  /**
   * A second SUBSCRIBE replaces the first: the client may have lost its state, and gets the current
   * session again.
   */
  private follow(id: number, serverId: string | null): void {
    if (serverId === null) return this.send(errorReply(id, ERROR.badRequest));
    const before = this.subscriptions.get(serverId);
    if (before === undefined && this.subscriptions.size >= this.limits.subscriptionsMax) {
      return this.send(errorReply(id, ERROR.limitExceeded));
    }
    before?.();
    this.subscriptions.delete(serverId);
    // The reply must be sent before the first event: clients drop a push on a channel that they
    // have not subscribed to yet.
    const early: SessionEvent[] = [];
    let tell: (event: SessionEvent) => void = (event) => early.push(event);
    const cancel = this.subscribe(serverId, (event) => tell(event));
    if (cancel === null) return this.send(errorReply(id, ERROR.unknownChannel));
    this.subscriptions.set(serverId, cancel);
    // Events go to the channel that the client named, even if it used the server id of an older
    // version.
    tell = (event) => this.send(push({ ...event, serverId }));
    this.send(reply(id, {}));
    for (const event of early) tell(event);
  }

  private unfollow(id: number, serverId: string | null): void {
    if (serverId === null) return this.send(errorReply(id, ERROR.badRequest));
    this.subscriptions.get(serverId)?.();
    this.subscriptions.delete(serverId);
    this.send(reply(id, {}));
  }

  /** Cuts off a client that does not read: it reconnects and then gets the current session. */
  private send(text: string): void {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount <= this.limits.unreadBytesMax) return socket.send(text);
    this.forget();
    socket.terminate();
  }
}

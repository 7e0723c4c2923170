import type { Cancel, Random, Clock } from '#kernel';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { DaemonLimits } from '../limits.js';
import { CentrifugeConnection, type Subscribe } from './connection.js';
import { CLOSE } from './protocol.js';

export const WEBSOCKET_PATH = '/v1/connection/websocket';

/** How long (ms) a client may take to close its connection after the server has asked it to. */
const FAREWELL_MS = 500;

/** The websocket half of the daemon. The HTTP server hands over upgrade requests to it. */
export class Centrifuge {
  private readonly connections = new Set<CentrifugeConnection>();
  private readonly server: WebSocketServer;
  private readonly cancelLooks: Cancel;

  constructor(
    /** What the client of a connection may subscribe to. */
    private readonly subscribeAs: (socket: Socket) => Promise<Subscribe>,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly limits: DaemonLimits,
  ) {
    const { messageBytesMax: maxPayload, pingMs, connectMs } = limits;
    this.server = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false });
    this.cancelLooks = clock.every(Math.min(pingMs, connectMs), () => this.look());
  }

  attach(http: Server): void {
    http.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
  }

  /**
   * Asks all clients to reconnect later, and cuts off those that have not closed after
   * `FAREWELL_MS`.
   */
  async close(): Promise<void> {
    this.cancelLooks();
    for (const connection of this.connections) connection.close(CLOSE.shutdown);
    const cancel = this.clock.after(FAREWELL_MS, () => {
      for (const socket of this.server.clients) socket.terminate();
    });
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
    cancel();
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A client may hang up during the upgrade; nothing has to be done then.
    socket.on('error', () => undefined);
    const path = request.url?.split('?', 1)[0];
    if (path !== WEBSOCKET_PATH) {
      return void socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n');
    }
    this.subscribeAs(request.socket).then(
      (subscribe) =>
        this.server.handleUpgrade(request, socket, head, (client) =>
          this.accept(client, subscribe),
        ),
      () => socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n'),
    );
  }

  private accept(socket: WebSocket, subscribe: Subscribe): void {
    const now = this.clock.now();
    const { limits } = this;
    const connection = new CentrifugeConnection(socket, this.random.id(), now, subscribe, limits);
    // An error of the connection (a frame too long, a reset) also emits `close`.
    socket.on('error', () => undefined);
    this.connections.add(connection);
    socket.on('message', (data) => connection.receive(textOf(data), this.clock.now()));
    socket.on('pong', () => connection.heard(this.clock.now()));
    socket.on('close', () => {
      this.connections.delete(connection);
      connection.forget();
    });
  }

  private look(): void {
    for (const connection of this.connections) connection.look(this.clock.now());
  }
}

function textOf(data: RawData): string {
  const buffer = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
  return buffer.toString('utf8');
}

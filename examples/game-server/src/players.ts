import { once } from 'node:events';
import type { Socket } from 'node:net';
import { oneLine, readLines } from './lines.js';

export const playersMax = 32;
export const lineLengthMax = 1_000;
/** Players, and connections that are being turned away or have not hung up yet. */
export const connectionsMax = 2 * playersMax;
/** A player who does not read is dropped once this much waits for it. */
const unreadBytesMax = 256 * 1024;
/** How long to wait for the last words to leave, in milliseconds. */
const goodbyeMs = 500;

/** What the players do, told to whoever runs the game. */
export interface PlayersListener {
  joined(player: string): void;
  said(player: string, line: string): void;
  left(player: string): void;
  turnedAway(reason: string): void;
}

/** Everybody who is connected. Names are given in order of arrival and never twice. */
export class Players {
  private readonly sockets = new Map<string, Socket>();
  private arrivals = 0;

  constructor(private readonly listener: PlayersListener) {}

  get count(): number {
    return this.sockets.size;
  }

  /** Takes a connection in, or turns it away when the server is full. */
  accept(socket: Socket): void {
    // A broken connection closes right after: `close` is where players leave.
    socket.on('error', () => undefined);
    if (this.count >= playersMax) {
      socket.resume();
      socket.end('server full\n');
      return this.listener.turnedAway('server full');
    }
    const player = `player-${(this.arrivals += 1)}`;
    this.sockets.set(player, socket);
    socket.setNoDelay(true);
    socket.on('close', () => this.forget(player));
    readLines(socket, lineLengthMax, {
      line: (line) => this.sockets.has(player) && this.listener.said(player, line),
      tooLong: () => this.dismiss(player, 'line too long'),
    });
    this.listener.joined(player);
  }

  tell(player: string, text: string): void {
    const socket = this.sockets.get(player);
    if (socket === undefined) return;
    if (socket.writableLength > unreadBytesMax) socket.destroy();
    else socket.write(`${oneLine(text)}\n`);
  }

  tellAll(text: string): void {
    for (const player of this.sockets.keys()) this.tell(player, text);
  }

  /** Says a last word to one player and lets it go. */
  dismiss(player: string, text: string): void {
    this.sockets.get(player)?.end(`${text}\n`);
    this.forget(player);
  }

  /** Says a last word to everybody. Resolves when it is on its way, or soon after if it is not. */
  async dismissAll(text: string): Promise<void> {
    const sockets = [...this.sockets.values()];
    this.sockets.clear();
    const signal = AbortSignal.timeout(goodbyeMs);
    await Promise.allSettled(
      sockets.map((socket) => {
        const finished = once(socket, 'finish', { signal });
        socket.end(`${text}\n`);
        return finished;
      }),
    );
    for (const socket of sockets) socket.destroy();
  }

  private forget(player: string): void {
    if (this.sockets.delete(player)) this.listener.left(player);
  }
}

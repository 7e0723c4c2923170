import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';
import { inTime } from '../../supervision/src/in-time.js';

/** How long a game may take for its next line (ms). */
const LINE_MS = 15_000;

/** A player on a game server, connected by TCP, line by line. */
export class Player {
  private constructor(
    private readonly socket: Socket,
    private readonly lines: Interface,
    private readonly address: string,
  ) {}

  static async join(address: string): Promise<Player> {
    const [host, port] = address.split(':');
    const socket = connect(Number(port), host);
    const lines = createInterface({ input: socket });
    // A refused connection rejects `connect`; a broken one resolves `gone`.
    lines.on('error', () => undefined);
    socket.on('error', () => undefined);
    await inTime(`a connection to ${address}`, once(socket, 'connect'), LINE_MS);
    return new Player(socket, lines, address);
  }

  say(line: string): void {
    this.socket.write(`${line}\n`);
  }

  async hear(): Promise<string> {
    const what = `a line from the game at ${this.address}`;
    const isClosed = () => (this.socket.closed ? 'The connection is closed.' : '');
    const [line] = (await inTime(what, once(this.lines, 'line'), LINE_MS, isClosed)) as [string];
    return line;
  }

  async gone(): Promise<void> {
    if (!this.socket.closed) await once(this.socket, 'close');
  }

  leave(): void {
    this.socket.destroy();
  }
}

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';

/** A player on a game server, connected by TCP, line by line. */
export class Player {
  private constructor(
    private readonly socket: Socket,
    private readonly lines: Interface,
  ) {}

  static async join(address: string): Promise<Player> {
    const [host, port] = address.split(':');
    const socket = connect(Number(port), host);
    const lines = createInterface({ input: socket });
    // A refused connection rejects `connect`; a broken one resolves `gone`.
    lines.on('error', () => undefined);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return new Player(socket, lines);
  }

  say(line: string): void {
    this.socket.write(`${line}\n`);
  }

  async hear(): Promise<string> {
    const [line] = (await once(this.lines, 'line')) as [string];
    return line;
  }

  async gone(): Promise<void> {
    if (!this.socket.closed) await once(this.socket, 'close');
  }

  leave(): void {
    this.socket.destroy();
  }
}

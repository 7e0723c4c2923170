import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** A player for the spec: a TCP client that reads and writes lines. */
export class TestPlayer {
  private readonly lines: AsyncIterator<string>;

  private constructor(private readonly socket: Socket) {
    this.lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  }

  static async join(port: number): Promise<TestPlayer> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new TestPlayer(socket);
  }

  /** The next line, as soon as it is there. */
  async line(): Promise<string> {
    const { value, done } = await this.lines.next();
    if (done === true) throw new Error('the server hung up');
    return value;
  }

  /** All lines until the server hangs up. */
  async rest(): Promise<string[]> {
    const lines: string[] = [];
    for (let next = await this.lines.next(); next.done !== true; next = await this.lines.next()) {
      lines.push(next.value);
    }
    return lines;
  }

  say(line: string): void {
    this.socket.write(`${line}\n`);
  }

  hangUp(): void {
    this.socket.destroy();
  }
}

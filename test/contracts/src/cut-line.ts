import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A proxy to a port of this machine that can be cut and restored. */
export class CutLine {
  private readonly sockets = new Set<Socket>();
  private isCut = false;

  static async to(port: number): Promise<CutLine> {
    const server = createServer();
    const line = new CutLine(server, port);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return line;
  }

  private constructor(
    private readonly server: Server,
    port: number,
  ) {
    server.on('connection', (socket) => this.pass(socket, port));
  }

  get url(): string {
    return `nats://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private pass(near: Socket, port: number): void {
    if (this.isCut) return void near.destroy();
    const far = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(socket);
      socket.pipe(other);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
  }
}

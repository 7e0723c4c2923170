import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** A server's answer to one packet: any number of packets. */
export type Responder = (packet: Buffer, client: string) => readonly Buffer[];

export interface UdpServerOptions {
  /** The address that it listens on; 127.0.0.1 if missing. */
  readonly host?: string;
  /** Answers are sent from another socket, at this address and any port. */
  readonly answersFrom?: string;
  /** Delay (ms) before each answer. */
  readonly delayMs?: number;
}

/** For specs: a server on a real UDP socket. */
export class UdpServer {
  /** Every packet that was received. */
  readonly heard: Buffer[] = [];

  private readonly timers = new Set<NodeJS.Timeout>();

  private constructor(
    private readonly socket: Socket,
    private readonly voice: Socket,
  ) {}

  static async open(responder: Responder, options: UdpServerOptions = {}): Promise<UdpServer> {
    const { host = '127.0.0.1', answersFrom, delayMs = 0 } = options;
    const socket = await bound(host);
    const voice = answersFrom === undefined ? socket : await bound(answersFrom);
    const server = new UdpServer(socket, voice);
    socket.on('message', (packet, { port, address }) => {
      server.heard.push(packet);
      const answers = responder(packet, `${address}:${port}`);
      const send = () => answers.forEach((answer) => voice.send(answer, port, address));
      if (delayMs === 0) send();
      else server.timers.add(setTimeout(send, delayMs));
    });
    return server;
  }

  get port(): number {
    return this.socket.address().port;
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.socket.close();
    if (this.voice !== this.socket) this.voice.close();
  }
}

async function bound(address: string): Promise<Socket> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.bind(0, address);
  await once(socket, 'listening');
  return socket;
}

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const HEAD_BYTES = 12;
const ANSWERS = 0x8180;
const NO_SUCH_NAME = 0x8183;
const TYPE_A = 1;

/**
 * A DNS server that answers each name with the given address, with a time to live of zero (RFC
 * 1035).
 */
export class NameServer {
  private readonly names = new Map<string, string>();

  private constructor(private readonly socket: Socket) {
    socket.on('message', (question, asker) => {
      socket.send(this.answer(question), asker.port, asker.address);
    });
  }

  static async start(): Promise<NameServer> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new NameServer(socket);
  }

  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  /** Sets the IPv4 address of a name. */
  lead(name: string, address: string): void {
    this.names.set(name, address);
  }

  close(): void {
    this.socket.close();
  }

  private answer(question: Buffer): Buffer {
    const { name, end } = nameIn(question);
    const address = question.readUInt16BE(end) === TYPE_A ? this.names.get(name) : undefined;
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt16BE(question.readUInt16BE(0), 0);
    head.writeUInt16BE(this.names.has(name) ? ANSWERS : NO_SUCH_NAME, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(address === undefined ? 0 : 1, 6);
    const asked = question.subarray(HEAD_BYTES, end + 4);
    return Buffer.concat([head, asked, address === undefined ? Buffer.alloc(0) : record(address)]);
  }
}

/** The name in a question, and where it ends; each of its labels is preceded by its length. */
function nameIn(question: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = HEAD_BYTES;
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.toString('ascii', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

/** An A record for the name in the question, with a time to live of zero. */
function record(address: string): Buffer {
  const sameName = [0xc0, HEAD_BYTES];
  const kind = [0, TYPE_A, 0, 1];
  const timeToLive = [0, 0, 0, 0];
  return Buffer.from([
    ...sameName,
    ...kind,
    ...timeToLive,
    0,
    4,
    ...address.split('.').map(Number),
  ]);
}

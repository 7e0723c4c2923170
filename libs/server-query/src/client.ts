import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { A2sConversation } from './a2s.js';
import { Malformed } from './bytes.js';
import type { Conversation, Players } from './players.js';
import { SqpConversation } from './sqp.js';

export type QueryProtocol = 'sqp' | 'a2s';

export interface Question {
  readonly protocol: QueryProtocol;
  /** An IPv4 address. */
  readonly host: string;
  readonly port: number;
  /** All of it, repeated packets included (ms). */
  readonly withinMs: number;
}

/** The server did not answer in time; `message` says what it did instead. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

/** Runs an action later, and returns what takes that back. */
export type Later = (delayMs: number, action: () => void) => () => void;

/** Packets get lost: within its time a question is asked so many times. */
const TRIES = 2;

/** Under way at once; one more is refused. */
const QUESTIONS_MAX = 4_096;

/** Asks any number of servers through one socket, which is open while something is under way. */
export class QueryClient {
  /** By the address that will answer. */
  private readonly listeners = new Map<string, (packet: Buffer) => void>();
  private socket: Socket | null = null;

  constructor(private readonly later: Later) {}

  /** Throws `Unanswered`. A server has one question at a time. */
  async ask(question: Question): Promise<Players> {
    const address = `${question.host}:${question.port}`;
    if (this.listeners.has(address)) throw new Unanswered('is being asked already');
    if (this.listeners.size >= QUESTIONS_MAX) throw new Unanswered('too many are being asked');
    try {
      return await this.converse(address, question);
    } finally {
      this.listeners.delete(address);
      if (this.listeners.size === 0) this.close();
    }
  }

  close(): void {
    this.socket?.close();
    this.socket = null;
  }

  private converse(address: string, question: Question): Promise<Players> {
    const { protocol, host, port, withinMs } = question;
    const conversation: Conversation =
      protocol === 'sqp' ? new SqpConversation() : new A2sConversation();
    return new Promise((resolve, reject) => {
      let instead = `no answer in ${withinMs} ms`;
      let said = conversation.opening;
      const cancels = [
        this.later(withinMs, () => end(() => reject(new Unanswered(instead)))),
        this.later(withinMs / TRIES, () => this.send(said, host, port)),
      ];
      const end = (settle: () => void) => {
        for (const cancel of cancels) cancel();
        settle();
      };
      this.listeners.set(address, (packet) => {
        try {
          const heard = conversation.hear(packet);
          if (heard.kind === 'answer') return end(() => resolve(heard.players));
          if (heard.kind === 'ask') this.send((said = heard.packet), host, port);
        } catch (error) {
          // Anybody may send anything; the right answer may still come.
          if (!(error instanceof Malformed)) throw error;
          instead = `answers, and the answer ${error.message}`;
        }
      });
      this.send(said, host, port);
    });
  }

  private send(packet: Buffer, host: string, port: number): void {
    // A packet that cannot be sent is a packet that is lost: the deadline tells.
    this.open().send(packet, port, host, () => undefined);
  }

  private open(): Socket {
    if (this.socket !== null) return this.socket;
    const socket = createSocket('udp4');
    socket.on('message', (packet: Buffer, { address, port }: RemoteInfo) =>
      this.listeners.get(`${address}:${port}`)?.(packet),
    );
    socket.on('error', () => {
      socket.close();
      if (this.socket === socket) this.socket = null;
    });
    this.socket = socket;
    return socket;
  }
}

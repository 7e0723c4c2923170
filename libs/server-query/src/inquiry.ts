import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIP } from 'node:net';
import { A2sConversation } from './a2s.js';
import { Malformed } from './bytes.js';
import { isOwnAddress, isSameAddress } from './own-address.js';
import type { Conversation } from './players.js';
import type { Later, QueryOutcome, Question } from './question.js';
import { SqpConversation } from './sqp.js';

/** How many times the first packet of a question is sent, because packets get lost. */
const TRIES = 2;

/** No answer takes more packets. A server that sends more is no longer listened to. */
const PACKETS_MAX = 128;

/**
 * One question to one server, through a socket of its own: servers bind their challenges to the
 * client's address, and packets to this socket can belong to this question only.
 */
export class Inquiry {
  readonly outcome: Promise<QueryOutcome>;
  private readonly conversation: Conversation;
  private readonly socket: Socket;
  private readonly cancels: readonly (() => void)[];
  private settle!: (outcome: QueryOutcome) => void;
  private packets = 0;
  /** What is wrong with the last packet that came; null if none came. */
  private heard: string | null = null;
  private isOver = false;

  constructor(
    private readonly question: Question,
    later: Later,
  ) {
    const { protocol, host, withinMs } = question;
    this.outcome = new Promise((resolve) => (this.settle = resolve));
    this.conversation = protocol === 'sqp' ? new SqpConversation() : new A2sConversation();
    this.socket = createSocket(isIP(host) === 6 ? 'udp6' : 'udp4');
    this.socket.on('message', (packet, from) => this.receive(packet, from));
    this.socket.on('error', (error) => this.fail(error));
    const { opening } = this.conversation;
    this.send(opening);
    const pauseMs = withinMs / TRIES;
    const again = Array.from({ length: TRIES - 1 }, (_, index) =>
      later(pauseMs * (index + 1), () => this.send(opening)),
    );
    this.cancels = [...again, later(withinMs, () => this.giveUp())];
  }

  /** Ends the question early, with the outcome `not-asked`. */
  close(): void {
    this.end({ kind: 'not-asked', reason: 'the query was given up' });
  }

  private receive(packet: Buffer, from: RemoteInfo): void {
    if (this.isOver || !this.isTheServer(from)) return;
    this.packets += 1;
    if (this.packets > PACKETS_MAX) return this.giveUp();
    try {
      const heard = this.conversation.hear(packet);
      if (heard.kind === 'answer') return this.end({ kind: 'answered', players: heard.players });
      this.heard = heard.kind === 'ask' ? 'is a challenge alone' : 'misses some of its parts';
      if (heard.kind === 'ask') this.send(heard.packet);
    } catch (error) {
      // Any program may send a packet here; the right answer may still come.
      if (!(error instanceof Malformed)) throw error;
      this.heard = error.message;
    }
  }

  /** A game with several sockets may answer from any port, and any address, of its machine. */
  private isTheServer({ address }: RemoteInfo): boolean {
    const { host } = this.question;
    return isSameAddress(host, address) || (isOwnAddress(host) && isOwnAddress(address));
  }

  private send(packet: Buffer): void {
    const { host, port } = this.question;
    this.socket.send(packet, port, host, (error) => {
      if (error !== null) this.fail(error);
    });
  }

  private fail(error: NodeJS.ErrnoException): void {
    this.end({ kind: 'not-asked', reason: `cannot be asked: ${error.code ?? error.message}` });
  }

  private giveUp(): void {
    const { heard } = this;
    this.end(
      heard === null
        ? { kind: 'silent', reason: `no answer in ${this.question.withinMs} ms` }
        : { kind: 'not-understood', reason: `the answer ${heard}` },
    );
  }

  private end(outcome: QueryOutcome): void {
    if (this.isOver) return;
    this.isOver = true;
    for (const cancel of this.cancels) cancel();
    this.socket.close();
    this.settle(outcome);
  }
}

import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIP } from 'node:net';
import { A2sConversation } from './a2s.js';
import { Malformed } from './bytes.js';
import { isOwnAddress, isSameAddress } from './own-address.js';
import type { Conversation } from './players.js';
import type { Later, QueryOutcome, Question } from './question.js';
import { SqpConversation } from './sqp.js';

/** Packets get lost: within its time a question is asked so many times. */
const TRIES = 2;

/** No answer takes more; a server that sends on and on is not listened to any longer. */
const PACKETS_MAX = 128;

/**
 * One question to one server, through a socket of its own: servers count their challenges by the
 * address that asks, and what comes to this socket can be about nothing else.
 */
export class Inquiry {
  readonly outcome: Promise<QueryOutcome>;
  private readonly conversation: Conversation;
  private readonly socket: Socket;
  private readonly cancels: readonly (() => void)[];
  private settle!: (outcome: QueryOutcome) => void;
  private packets = 0;
  /** Why what was heard is no answer; null: nothing was heard. */
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

  /** Ends it before its time, as not asked. */
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
      // Anybody may send anything; the right answer may still come.
      if (!(error instanceof Malformed)) throw error;
      this.heard = error.message;
    }
  }

  /** A game with several sockets answers from any port, and any address, of its machine. */
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

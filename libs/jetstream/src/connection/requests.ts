import { TransientError, type Cancel, type NotPermitted } from '#kernel';
import type { Msg, MsgHdrs } from '@nats-io/transport-node';
import { Outbox } from './outbox.js';
import { newInbox, type StreamAccess } from '../log/delivery.js';

/** Nobody listens on the subject: the stream is not there, or JetStream is not. */
export class NoStream extends TransientError {
  override readonly name = 'NoStream';
}

/** The question was sent, and no answer came in time. */
export class NoAnswer extends TransientError {
  override readonly name = 'NoAnswer';
}

interface Question {
  readonly subject: string;
  readonly until: number;
  readonly resolve: (answer: Msg) => void;
  readonly reject: (trouble: TransientError | NotPermitted) => void;
}

interface Outgoing {
  readonly subject: string;
  readonly body: Uint8Array;
  readonly headers: MsgHdrs;
  readonly token: string;
  readonly reject: (error: unknown) => void;
}

/**
 * Requests and their answers, all with the same deadline. The client's own `request` makes an Error
 * with a stack trace for each request, also for those that succeed (nats.js 3.4, request.js,
 * `RequestOne.cancel`): in a profile of appends that was the largest single cost. It also waits for
 * its timeout when the connection is lost, while here the caller is told at once.
 */
export class Questions {
  private readonly access: StreamAccess;
  private readonly timeoutMs: number;
  /** By the last token of their reply subject; oldest first. */
  private readonly open = new Map<string, Question>();
  private inbox: string | undefined;
  private asked = 0;
  private cancel: Cancel | undefined;

  constructor(access: StreamAccess, timeoutMs: number) {
    this.access = access;
    this.timeoutMs = timeoutMs;
  }

  /**
   * @throws {NoAnswer | NoStream | TransientError} no answer: the question may have arrived, or may
   *   still arrive.
   * @throws {NotPermitted} the permissions do not allow the question, or to hear its answer.
   * @throws the client's own error if the message cannot be sent.
   */
  ask(subject: string, body: Uint8Array, headers: MsgHdrs): Promise<Msg> {
    return new Promise((resolve, reject) => {
      this.inbox ??= this.listen();
      this.asked += 1;
      const token = String(this.asked);
      const { clock } = this.access;
      this.send({ subject, body, headers, token, reject });
      this.open.set(token, { subject, until: clock.now() + this.timeoutMs, resolve, reject });
      this.cancel ??= clock.after(this.timeoutMs, () => this.expireLater());
    });
  }

  /** The connection is lost: answers to the open questions can no longer arrive. */
  abandon(): void {
    for (const [token, { reject }] of this.open) {
      this.open.delete(token);
      reject(new TransientError('the connection was lost before the answer came'));
    }
    this.disarm();
  }

  /** The server refuses each message, and each subscription, once. */
  refuse(refusal: NotPermitted): void {
    const isInbox = this.inbox !== undefined && refusal.subject === `${this.inbox}.*`;
    for (const [token, { subject, reject }] of this.open) {
      if (!isInbox && subject !== refusal.subject) continue;
      this.open.delete(token);
      reject(refusal);
      if (!isInbox) return;
    }
    if (isInbox) this.inbox = undefined;
  }

  private send({ subject, body, headers, token, reject }: Outgoing): void {
    const { connection } = this.access;
    Outbox.of(connection).add(() => {
      // The client would send a question that was abandoned meanwhile on its next connection.
      if (!this.open.has(token)) return;
      try {
        connection.publish(subject, body, { headers, reply: `${this.inbox}.${token}` });
      } catch (error) {
        this.open.delete(token);
        reject(error);
        if (this.open.size === 0) this.disarm();
      }
    });
  }

  private listen(): string {
    const inbox = newInbox(this.access);
    this.access.connection.subscribe(`${inbox}.*`, {
      // An error is a refusal, which ends the subscription and comes to `refuse` as well.
      callback: (error, message) => {
        if (error === null) this.answer(message.subject.slice(inbox.length + 1), message);
      },
    });
    return inbox;
  }

  private answer(token: string, message: Msg): void {
    const question = this.open.get(token);
    if (question === undefined) return;
    this.open.delete(token);
    // This is how the server says that nobody listens on the subject.
    if (message.data.length === 0 && message.headers?.code === 503) {
      return question.reject(new NoStream('no stream listens'));
    }
    question.resolve(message);
  }

  /** Not called after every answer: that would cost more than letting the timer run. */
  private disarm(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  /**
   * Timers come before sockets in a turn of the event loop: answers that came while this process was
   * held up are read first.
   */
  private expireLater(): void {
    setImmediate(() => this.expire());
  }

  /** One timer serves all questions: the oldest are due first. */
  private expire(): void {
    const { clock } = this.access;
    this.cancel = undefined;
    for (const [token, { until, reject }] of this.open) {
      if (until > clock.now()) {
        this.cancel = clock.after(until - clock.now(), () => this.expireLater());
        return;
      }
      this.open.delete(token);
      reject(new NoAnswer(`no answer in ${this.timeoutMs} ms`));
    }
  }
}

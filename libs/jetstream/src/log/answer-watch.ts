import { CannotStore, TransientError } from '#kernel';
import { reach } from '../connection/failures.js';
import { NoAnswer, NoStream } from '../connection/requests.js';
import { cannotStore } from '../connection/store-faults.js';
import type { StreamAccess } from './delivery.js';

/** No answer came for this long (ms): longer than a cluster takes to elect a leader. */
const UNANSWERED_MS = 5_000;

/** How long a ping may take (ms). */
const PING_MS = 1_000;

/**
 * Tells from missing answers what is wrong with a server that is there. In nats-server 2.15 a
 * stream whose write failed does not answer appends until the server is restarted, but answers
 * questions. A server that has disabled its JetStream answers pings, and nothing about streams.
 */
export class AnswerWatch {
  private appendsSince: number | undefined;
  private questionsSince: number | undefined;

  constructor(
    private readonly access: StreamAccess,
    private readonly answerMs: number,
  ) {}

  /** The connection was lost: missing answers say nothing. */
  forget(): void {
    this.appendsSince = this.questionsSince = undefined;
  }

  appended(): void {
    this.forget();
  }

  /**
   * Called with the reason why an append has no answer.
   *
   * @throws {CannotStore}
   */
  async appendFailed(cause: unknown): Promise<void> {
    if (!(cause instanceof NoAnswer) && !(cause instanceof NoStream)) return;
    const { clock, manager, stream } = this.access;
    this.appendsSince ??= clock.now() - (cause instanceof NoAnswer ? this.answerMs : 0);
    if (clock.now() - this.appendsSince < UNANSWERED_MS) return;
    try {
      await this.ask(manager.streams.info(stream));
    } catch (error) {
      if (error instanceof CannotStore) throw error;
      // There is no such stream, or the server does not answer at all.
      return;
    }
    if (this.appendsSince !== undefined)
      throw cannotStore('unanswered', `stream ${stream}`, { cause });
  }

  /**
   * Awaits an answer of JetStream's API about the stream.
   *
   * @throws {CannotStore} the server is there and its JetStream is not.
   * @throws {TransientError | LogRefused} as `reach`.
   */
  async ask<T>(answer: Promise<T>): Promise<T> {
    const { clock, stream } = this.access;
    try {
      const answered = await reach(answer, { stream });
      this.questionsSince = undefined;
      return answered;
    } catch (error) {
      if (!(error instanceof TransientError) || error instanceof CannotStore) throw error;
      this.questionsSince ??= clock.now() - this.answerMs;
      const isLong = clock.now() - this.questionsSince >= UNANSWERED_MS;
      if (isLong && (await this.isThere())) {
        throw cannotStore('disabled', `stream ${stream}`, { cause: error });
      }
      throw error;
    }
  }

  private isThere(): Promise<boolean> {
    const { clock, connection } = this.access;
    const pong = connection.flush().then(
      () => true,
      () => false,
    );
    return Promise.race([pong, clock.sleep(PING_MS).then(() => false)]);
  }
}

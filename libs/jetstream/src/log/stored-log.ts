import { LogRefused, type Clock, type StoredMessage } from '#kernel';
import { DeliverPolicy, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { reach } from '../connection/failures.js';
import type { Delivered, StreamAccess } from './delivery.js';
import { firstOf, lastUntil } from './direct.js';
import { readToEnd } from './read.js';

const ANSWER_MS = 5_000;
const STREAM_NOT_FOUND = 10059;

/** What a stream has. Sequences of an empty one: 0. */
export interface StoredExtent {
  readonly first: number;
  readonly last: number;
  /** When the stream was made (epoch ms). */
  readonly createdAt: number;
}

interface StoredLogOptions {
  readonly stream: string;
  /** What every message of the stream matches. */
  readonly filter: string;
  readonly clock: Clock;
}

/** A stream of events as it is stored, undecoded and with headers: for who examines the log itself. */
export class StoredLog {
  private constructor(
    private readonly access: StreamAccess,
    private readonly filter: string,
  ) {}

  static async open(
    connection: NatsConnection,
    { stream, filter, clock }: StoredLogOptions,
  ): Promise<StoredLog> {
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_MS });
    return new StoredLog({ connection, manager, stream, clock, consumers: false }, filter);
  }

  /**
   * Undefined where there is no such stream.
   *
   * @throws {TransientError} JetStream does not answer.
   */
  async extent(): Promise<StoredExtent | undefined> {
    const { manager, stream } = this.access;
    try {
      const { created, state } = await reach(manager.streams.info(stream));
      const isEmpty = state.messages === 0;
      return {
        first: isEmpty ? 0 : state.first_seq,
        last: isEmpty ? 0 : state.last_seq,
        createdAt: Date.parse(created),
      };
    } catch (error) {
      if (error instanceof LogRefused && error.code === STREAM_NOT_FOUND) return undefined;
      throw error;
    }
  }

  /**
   * Every message after a sequence, in order, up to the end as it is now, as many at a time as come.
   *
   * @throws {TransientError} nothing came for 12 s.
   */
  async *read(after: number): AsyncGenerator<readonly StoredMessage[], void> {
    const chunks = readToEnd(this.access, {
      filter: this.filter,
      isWhole: true,
      startAfter: (sequence) => ({
        deliver_policy: DeliverPolicy.StartSequence,
        opt_start_seq: Math.max(sequence, after) + 1,
      }),
      includes: ({ seq }) => seq > after,
    });
    for await (const chunk of chunks) yield chunk.map(storedMessage);
  }

  /**
   * The body of the message at a sequence; undefined where there is none.
   *
   * @throws {TransientError} JetStream does not answer.
   */
  async body(sequence: number): Promise<Uint8Array | undefined> {
    const { manager, stream } = this.access;
    return (await reach(manager.streams.getMessage(stream, { seq: sequence })))?.data;
  }

  /**
   * The last messages of subjects, 1,000 at most, before a sequence.
   *
   * @throws {TransientError} JetStream does not answer, or has no such stream.
   */
  async lastBefore(
    subjects: readonly string[],
    sequence: number,
  ): Promise<readonly StoredMessage[]> {
    if (sequence <= 1) return [];
    return (await lastUntil(this.access, subjects, sequence - 1)).map(storedMessage);
  }

  /**
   * The first message at a sequence or after it; undefined where there is none.
   *
   * @throws {TransientError} JetStream does not answer, or has no such stream.
   */
  async next(sequence: number): Promise<StoredMessage | undefined> {
    return storedBy(await firstOf(this.access, this.filter, sequence));
  }

  /**
   * The first message that is kept of a subject; undefined where there is none.
   *
   * @throws {TransientError} JetStream does not answer, or has no such stream.
   */
  async firstOf(subject: string): Promise<StoredMessage | undefined> {
    return storedBy(await firstOf(this.access, subject));
  }

  /**
   * Every subject that has messages.
   *
   * @throws {TransientError} JetStream does not answer.
   * @throws {LogRefused} There is no such stream.
   */
  async subjects(): Promise<readonly string[]> {
    const { manager, stream } = this.access;
    const { state } = await reach(manager.streams.info(stream, { subjects_filter: this.filter }));
    return Object.keys(state.subjects ?? {});
  }
}

function storedBy(delivered: Delivered | undefined): StoredMessage | undefined {
  return delivered && storedMessage(delivered);
}

function storedMessage({ subject, sequence, body, headers }: Delivered): StoredMessage {
  const headerOf = headers();
  const expected = headerOf('Nats-Expected-Last-Subject-Sequence');
  return {
    subject,
    sequence,
    body,
    expected: expected === '' ? null : Number(expected),
    deduplicationId: headerOf('Nats-Msg-Id') || null,
  };
}

import {
  EventLog,
  LogRefused,
  NotPermitted,
  errorMessage,
  readItem,
  TransientError,
  type Append,
  type Clock,
  type Codec,
  type LogRecord,
  type LogConsumer,
  type LogSubscription,
  type LogItem,
  type ReadFrom,
  type Subscription,
  type Verdict,
} from '#kernel';
import { DeliverPolicy, jetstreamManager, type MsgRequest } from '@nats-io/jetstream';
import { headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { ConnectionWatch } from '../connection/connection-watch.js';
import type { StreamAccess } from './delivery.js';
import { isPattern, lastOfEach, lastOfListed, lastOfSubjects, type Stored } from './direct.js';
import { isUnreachable, reach } from '../connection/failures.js';
import { StreamFollowing } from './follow.js';
import { readToEnd, type Reading } from './read.js';
import { Questions } from '../connection/requests.js';
import { AnswerWatch } from './answer-watch.js';
import { verdictOf } from './verdict.js';
import { LiveWatch } from './watch.js';

/** How long one attempt of any operation waits (ms); the caller decides about the next attempt. */
const ANSWER_MS = 2_000;

export interface JetStreamEventLogOptions<F extends LogRecord> {
  readonly stream: string;
  readonly codec: Codec<F>;
  readonly clock: Clock;
  /**
   * Gets errors that a consumer throws, and the reason why a subscription that was cut off cannot
   * go on. Default: the error is thrown uncaught, which ends the process. The subscription itself
   * continues.
   */
  readonly onError?: (error: unknown) => void;
  /**
   * Whether history is read by consumers, which deliver at once and may be made only by who may
   * write anything; default: by direct gets, which are repeated 20 times a second.
   */
  readonly consumers?: boolean;
}

/** The log as a JetStream stream. It need not be closed: it ends with its connection. */
export class JetStreamEventLog<F extends LogRecord> extends EventLog<F> {
  private readonly access: StreamAccess;
  private readonly codec: Codec<F>;
  private readonly link: ConnectionWatch;
  private readonly questions: Questions;
  private readonly onError: (error: unknown) => void;
  private readonly answers: AnswerWatch;
  /** Those that are open, or that ended because the log went back. */
  private readonly followings = new Set<StreamFollowing<F>>();
  private subjects: readonly string[] | undefined;

  /** Sends nothing to the server: a missing stream shows at the first use. */
  static async open<F extends LogRecord>(
    connection: NatsConnection,
    { stream, codec, clock, onError = throwLater, consumers = false }: JetStreamEventLogOptions<F>,
  ): Promise<JetStreamEventLog<F>> {
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_MS });
    const access = { connection, manager, stream, clock, consumers };
    return new JetStreamEventLog(access, codec, onError);
  }

  private constructor(access: StreamAccess, codec: Codec<F>, onError: (error: unknown) => void) {
    super();
    this.access = access;
    this.codec = codec;
    this.onError = onError;
    this.questions = new Questions(access, ANSWER_MS);
    this.answers = new AnswerWatch(access, ANSWER_MS);
    this.link = ConnectionWatch.of(access.connection);
    this.link.on('lost', () => {
      this.questions.abandon();
      this.answers.forget();
    });
    this.link.on('refused', (refusal) => this.questions.refuse(refusal));
  }

  /**
   * One publish and one answer: the client's own retries would hide what happened. Where the log may
   * have gone back, nothing is sent before it has been compared: the sequence that is expected may
   * be another record's by now.
   */
  async append({ subject, expected, record, deduplicationId }: Append<F>): Promise<Verdict> {
    for (const { isSameLog } of this.followings) {
      if (!isSameLog) return { kind: 'unknown', cause: NOT_COMPARED };
    }
    const withHeaders = headers();
    withHeaders.append('Nats-Expected-Last-Subject-Sequence', String(expected));
    withHeaders.append('content-type', this.codec.contentType);
    if (deduplicationId !== undefined) withHeaders.append('Nats-Msg-Id', deduplicationId);
    const body = this.codec.encode(subject, record);
    let answer: Msg;
    try {
      answer = await this.questions.ask(subject, body, withHeaders);
    } catch (cause) {
      if (cause instanceof NotPermitted) throw cause;
      if (cause instanceof TransientError || isUnreachable(cause)) {
        await this.answers.appendFailed(cause);
        return { kind: 'unknown', cause };
      }
      throw new LogRefused('unsent', errorMessage(cause), { cause });
    }
    this.answers.appended();
    const verdict = verdictOf(answer.data);
    if (verdict.kind === 'stored') {
      const stored = { subject, sequence: verdict.sequence, body };
      for (const following of this.followings) following.appended(stored);
    }
    return verdict;
  }

  /**
   * The leader's answer carries its time; unlike a message it is available while nothing happens.
   */
  async time(): Promise<number> {
    const { manager, stream } = this.access;
    const { ts } = await this.answers.ask(manager.streams.info(stream));
    const now = Date.parse(ts ?? '');
    if (Number.isNaN(now)) throw new TransientError('the stream does not tell its time');
    return now;
  }

  async end(): Promise<number> {
    const { manager, stream } = this.access;
    return (await this.answers.ask(manager.streams.info(stream))).state.last_seq;
  }

  last(subject: string): Promise<LogItem<F> | undefined> {
    return this.fromLeader({ last_by_subj: subject });
  }

  at(sequence: number): Promise<LogItem<F> | undefined> {
    return this.fromLeader({ seq: sequence });
  }

  async *present(filter: string | readonly string[]): AsyncGenerator<LogItem<F>, void> {
    const found =
      typeof filter === 'string' ? this.presentStored(filter) : lastOfSubjects(this.access, filter);
    for await (const stored of found) yield this.item(stored);
  }

  async *read(
    filter: string,
    from: ReadFrom = { sequence: 1 },
    mentioning?: string,
  ): AsyncGenerator<LogItem<F>, void> {
    const mentioned = mentioning === undefined ? undefined : Buffer.from(mentioning);
    const isWhole = await this.isWhole(filter);
    const reading: Reading = {
      filter,
      isWhole,
      startAfter: (sequence) => ({
        ...(isWhole ? {} : { filter_subject: filter }),
        ...startOf(sequence, from),
      }),
      includes: ({ seq, timestamp }) =>
        'at' in from ? Date.parse(timestamp) >= Math.floor(from.at) : seq >= from.sequence,
    };
    for await (const chunk of readToEnd(this.access, reading)) {
      for (const stored of chunk) {
        if (mentioned === undefined || bufferOf(stored.body).includes(mentioned)) {
          yield this.item(stored);
        }
      }
    }
  }

  async follow(after: number, follower: LogConsumer<F>): Promise<LogSubscription> {
    const parts = [this.access, this.codec, after, follower, this.onError] as const;
    const following = new StreamFollowing<F>(
      ...parts,
      () => void this.followings.delete(following),
    );
    await following.start(this.link);
    this.followings.add(following);
    return following;
  }

  watch(filter: string | readonly string[], follower: LogConsumer<F>): Promise<Subscription> {
    const isExact = typeof filter !== 'string';
    const present = () =>
      isExact ? lastOfSubjects(this.access, filter) : this.presentNearby(filter);
    const parts = [this.access, this.codec, present, follower, this.onError] as const;
    return new LiveWatch(...parts, isExact).start(isExact ? filter : [filter]);
  }

  /** A purge with an upper bound: it cannot remove events that nobody has read yet. */
  async forget(subject: string, last: number): Promise<void> {
    // Without a filter, or an upper bound, the server would purge everything.
    if (isPattern(subject) || !Number.isSafeInteger(last) || last < 1) {
      throw new RangeError(`${subject} up to ${last} is not one history`);
    }
    const { manager, stream } = this.access;
    await reach(manager.streams.purge(stream, { filter: subject, seq: last + 1 }));
  }

  private async fromLeader(request: MsgRequest): Promise<LogItem<F> | undefined> {
    const { manager, stream } = this.access;
    const found = await reach(manager.streams.getMessage(stream, request));
    if (found === null) return undefined;
    const stored = { subject: found.subject, sequence: found.seq, body: found.data };
    for (const following of this.followings) following.note(stored);
    return this.item(stored);
  }

  private async *presentStored(filter: string): AsyncGenerator<Stored, void> {
    if (!this.access.consumers) return yield* lastOfListed(this.access, filter);
    const isWhole = await this.isWhole(filter);
    const filter_subject = isWhole ? '>' : filter;
    const chunks = readToEnd(this.access, {
      filter,
      isWhole,
      startAfter: () => ({ deliver_policy: DeliverPolicy.LastPerSubject, filter_subject }),
      includes: () => true,
    });
    for await (const chunk of chunks) yield* chunk;
  }

  /** Reads by one direct get if the result fits into it. */
  private async *presentNearby(filter: string): AsyncGenerator<Stored, void> {
    const found = await lastOfEach(this.access, filter);
    if (found === undefined) yield* this.presentStored(filter);
    else yield* found;
  }

  /** Whether a filter matches the whole stream: reading is faster without a filter. */
  private async isWhole(filter: string): Promise<boolean> {
    const { manager, stream } = this.access;
    // A mirror has no subjects of its own.
    this.subjects ??= (await reach(manager.streams.info(stream))).config.subjects ?? [];
    return this.subjects.length === 1 && this.subjects[0] === filter;
  }

  private item({ subject, sequence, body }: Stored): LogItem<F> {
    return readItem(this.codec, subject, sequence, body);
  }
}

const NOT_COMPARED = new TransientError('the log is being compared with what was read of it');

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function startOf(sequence: number, from: ReadFrom) {
  if (sequence === 0 && 'at' in from) {
    const opt_start_time = new Date(from.at).toISOString();
    return { deliver_policy: DeliverPolicy.StartTime, opt_start_time };
  }
  const first = 'sequence' in from ? from.sequence : 1;
  return {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: Math.max(1, first, sequence + 1),
  };
}

function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

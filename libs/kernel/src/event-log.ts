import type { Subscription } from './bus.js';
import { errorMessage } from './errors.js';

/** What is written: an event and the state it led to, with an id of its own. */
export interface LogRecord {
  /**
   * Unique for each written event (CloudEvents `id`); tells our own write from another writer's.
   */
  readonly id: string;
  /** The trace that it was written in (CloudEvents' extension `traceparent`), if it was traced. */
  readonly traceparent?: string;
}

/**
 * Turns records into bytes and back. `decode` throws `Unparsable`; the reader sets the message
 * aside.
 */
export interface Codec<F extends LogRecord> {
  readonly contentType: string;
  encode(subject: string, record: F): Uint8Array;
  decode(subject: string, body: Uint8Array): F;
}

export interface Recorded<F extends LogRecord> {
  readonly kind: 'recorded';
  readonly subject: string;
  /** Place in the log, rising, from 1. The next append to this subject expects this number. */
  readonly sequence: number;
  readonly record: F;
}

/** A message in the log that could not be parsed. It stays where it is; the reader goes on. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly subject: string;
  readonly sequence: number;
  readonly reason: string;
}

/** A message as it is stored, with what its writer said to the log. */
export interface StoredMessage {
  readonly subject: string;
  readonly sequence: number;
  readonly body: Uint8Array;
  /** The subject's last sequence that its writer expected; null: it did not say. */
  readonly expected: number | null;
  readonly deduplicationId: string | null;
}

export type LogItem<F extends LogRecord> = Recorded<F> | Unreadable;

/** What a reader gets for one stored message: the record, or the reason why it cannot be read. */
export function readItem<F extends LogRecord>(
  codec: Codec<F>,
  subject: string,
  sequence: number,
  body: Uint8Array,
): LogItem<F> {
  try {
    return { kind: 'recorded', subject, sequence, record: codec.decode(subject, body) };
  } catch (error) {
    // Whatever a codec throws, one bad message must not stop the reading of the others.
    return { kind: 'unreadable', subject, sequence, reason: errorMessage(error) };
  }
}

/** The log refuses for good: message too large, not permitted, no such log. */
export class LogRefused extends Error {
  override readonly name = 'LogRefused';

  constructor(
    /** The log's own error code (JetStream's `err_code`), or a word if it has none. */
    readonly code: number | string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface Append<F extends LogRecord> {
  /** An exact subject, never a wildcard. */
  readonly subject: string;
  /** Sequence of the subject's last message; 0 if the subject must be empty. */
  readonly expected: number;
  readonly record: F;
  /** At most one message with this id is stored within the log's duplicate window. */
  readonly deduplicationId?: string;
}

/** What the log answered to one attempt of one append. */
export type Verdict =
  | { readonly kind: 'stored'; readonly sequence: number }
  /** A message with this de-duplication id was stored before, at `sequence`. */
  | { readonly kind: 'duplicate'; readonly sequence: number }
  /** Nothing was written: the subject has moved on. */
  | { readonly kind: 'conflict' }
  /**
   * Another write to the subject is in flight. This says nothing about our write, and can be wrong.
   */
  | { readonly kind: 'busy' }
  /**
   * A message with the same de-duplication id is in flight: sending the message again gives the
   * answer.
   */
  | { readonly kind: 'inFlight' }
  /** No answer. The message may have been written, or may still be written. */
  | { readonly kind: 'unknown'; readonly cause: unknown };

export interface LogConsumer<F extends LogRecord> {
  /**
   * Whether the consumer already has this message; if so, the message is skipped without being
   * decoded, or is not even sent.
   */
  has?(subject: string, sequence: number): boolean;
  /** Gets every item after the starting point, in order, each exactly once. */
  receive(item: LogItem<F>): void;
  /**
   * The log is not the one that was read before, so everything received so far is void. The present
   * of the new log follows, with sequences that can be lower. Only `watch` calls this; a watch
   * whose consumer does not have this method is closed instead.
   */
  startedOver?(): void;
}

export interface LogSubscription extends Subscription {
  /** The sequence up to which the consumer has everything. */
  readonly sequence: number;
  /** How long nothing was heard of the log, neither message nor heartbeat (ms). */
  readonly silentMs: number;
}

/**
 * How long a log knows the id of a message and stores no second one (ms). Has to outlast only an
 * allocator's lag; its own index knows older ids.
 */
export const DUPLICATE_WINDOW_MS = 120_000;

/**
 * The log of events: the only source of truth. Each actor has one subject; the messages on a
 * subject are its history, the last one is its present. Two adapters, memory and JetStream, pass
 * one contract suite.
 */
export abstract class EventLog<F extends LogRecord> {
  /**
   * Makes one attempt. Throws `LogRefused` or `NotPermitted` if the log refuses for good,
   * `CannotStore` if it stores nothing now.
   */
  abstract append(append: Append<F>): Promise<Verdict>;

  /** The time by the clock that dates the stored messages (epoch ms). Throws `TransientError`. */
  abstract time(): Promise<number>;

  /**
   * Sequence of the last message ever written, even if it has been forgotten since, as the log's
   * leader knows it; 0 if there never was one.
   */
  abstract end(): Promise<number>;

  /** The subject's last message, as the log's leader knows it. */
  abstract last(subject: string): Promise<LogItem<F> | undefined>;

  /** The message at a sequence, as the log's leader knows it. */
  abstract at(sequence: number): Promise<LogItem<F> | undefined>;

  /**
   * The last message of every subject that matches, in the order of the log; of exact subjects in
   * their own order, each read by a question that names it, from a copy that may be a little behind.
   */
  abstract present(filter: string | readonly string[]): AsyncIterable<LogItem<F>>;

  /**
   * Every matching message, from `from` to the end of the log at the time of the call.
   *
   * @param mentioning only messages whose bytes contain this text; the others are not decoded
   */
  abstract read(filter: string, from?: ReadFrom, mentioning?: string): AsyncIterable<LogItem<F>>;

  /**
   * Live and complete, for consumers that decide: every message after sequence `after`, in order.
   */
  abstract follow(after: number, follower: LogConsumer<F>): Promise<LogSubscription>;

  /**
   * Live and cheap, for consumers that only show the state: first the present of each matching
   * subject, then changes as they come. Intermediate events may be missed; the latest is never
   * missed for long.
   *
   * @param filter a pattern, or exact subjects: each exact subject is read by a request of its own,
   *   so that permissions can limit a reader to its own subjects.
   */
  abstract watch(
    filter: string | readonly string[],
    follower: LogConsumer<F>,
  ): Promise<Subscription>;

  /**
   * Removes a subject's messages up to and including sequence `last` for good; later messages stay.
   * Only for a subject that is never appended to again: once empty it expects 0, like a subject
   * that never existed. Repeating the call is no error. Throws `TransientError` or `LogRefused`.
   *
   * @param subject an exact subject, never a wildcard
   */
  abstract forget(subject: string, last: number): Promise<void>;
}

/** A sequence (inclusive) or an instant (epoch ms, inclusive). */
export type ReadFrom = { readonly sequence: number } | { readonly at: number };

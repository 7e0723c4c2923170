import type { Subscription } from './bus.js';
import { errorMessage } from './errors.js';

/** What is written: an event and the state it led to, under an id of its own. */
export interface LogRecord {
  /** Unique per written event (CloudEvents `id`); tells our own write from another's. */
  readonly id: string;
}

/** How facts become bytes. `decode` throws `Unparsable`, and whoever reads sets the message aside. */
export interface Codec<F extends LogRecord> {
  readonly contentType: string;
  encode(subject: string, record: F): Uint8Array;
  decode(subject: string, body: Uint8Array): F;
}

export interface Recorded<F extends LogRecord> {
  readonly kind: 'recorded';
  readonly subject: string;
  /** Place in the log, from 1, rising; the expectation of the next append to this subject. */
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

export type LogItem<F extends LogRecord> = Recorded<F> | Unreadable;

/** What a reader is given for one stored message: the fact, or why there is none. */
export function readItem<F extends LogRecord>(
  codec: Codec<F>,
  subject: string,
  sequence: number,
  body: Uint8Array,
): LogItem<F> {
  try {
    return { kind: 'recorded', subject, sequence, record: codec.decode(subject, body) };
  } catch (error) {
    // Whatever a codec throws, one message must not end the reading of all the others.
    return { kind: 'unreadable', subject, sequence, reason: errorMessage(error) };
  }
}

/** The log says no for good: storage full, message too large, not permitted, no such log. */
export class LogRefused extends Error {
  override readonly name = 'LogRefused';

  constructor(
    /** The log's own error code (JetStream's `err_code`), or a word where it has none. */
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
  /** Sequence of the subject's last message; 0 where there must be none. */
  readonly expected: number;
  readonly record: F;
  /** At most one message with this id is stored within the log's duplicate window. */
  readonly deduplicationId?: string;
}

/** What the log answered to one try of one append. */
export type Verdict =
  | { readonly kind: 'stored'; readonly sequence: number }
  /** A message with this de-duplication id was stored before, at `sequence`. */
  | { readonly kind: 'duplicate'; readonly sequence: number }
  /** Nothing was written: the subject has moved on. */
  | { readonly kind: 'conflict' }
  /** Another write to the subject is in flight. Not a verdict on this one; can be spurious. */
  | { readonly kind: 'busy' }
  /** The same de-duplication id is in flight: the same message again tells. */
  | { readonly kind: 'inFlight' }
  /** No answer. It may have been written, or be written yet. */
  | { readonly kind: 'unknown'; readonly cause: unknown };

export interface LogConsumer<F extends LogRecord> {
  /** Whether this follower has the message already: then it is passed over, unread. */
  has?(subject: string, sequence: number): boolean;
  /** Every item after the starting point, in order, none twice, none missed. */
  receive(item: LogItem<F>): void;
  /**
   * What was received before is void, for the log is another one than was read: its present follows,
   * with sequences that can be lower. Is told to those who watch; one without this method ends.
   */
  startedOver?(): void;
}

export interface LogSubscription extends Subscription {
  /** Sequence of the last item delivered. */
  readonly sequence: number;
  /** For how long the log has not been heard, by message or heartbeat (ms). */
  readonly silentMs: number;
}

/**
 * The log of events: the only source of truth. One subject per actor; the messages on a subject
 * are its history, the last one is its present. Two adapters, memory and JetStream, are held to
 * one contract suite.
 */
export abstract class EventLog<F extends LogRecord> {
  /** One try. Throws `LogRefused` only, when the log says no for good. */
  abstract append(append: Append<F>): Promise<Verdict>;

  /** What time it is by the clock that dates what is stored (epoch ms). Throws `TransientError`. */
  abstract time(): Promise<number>;

  /**
   * Sequence of the last message of all, be it forgotten by now, as the log's leader knows it; 0
   * where there never was one.
   */
  abstract end(): Promise<number>;

  /** The subject's last message, as the log's leader knows it. */
  abstract last(subject: string): Promise<LogItem<F> | undefined>;

  /** The message at a sequence, as the log's leader knows it. */
  abstract at(sequence: number): Promise<LogItem<F> | undefined>;

  /** The last message of every subject that matches, in the order of the log. */
  abstract present(filter: string): AsyncIterable<LogItem<F>>;

  /** Every message that matches, from `from` to the end as it is now. */
  abstract read(filter: string, from?: ReadFrom): AsyncIterable<LogItem<F>>;

  /** Live and complete, for those who decide: every message after `after`, in order. */
  abstract follow(after: number, follower: LogConsumer<F>): Promise<LogSubscription>;

  /**
   * Live and cheap, for those who look on: the present of each matching subject, then each change
   * as it comes; intermediate events may be missed, the latest never for long.
   */
  abstract watch(filter: string, follower: LogConsumer<F>): Promise<Subscription>;

  /**
   * Takes a subject's messages up to `last`, that one included, out of the log for good. Only for a
   * subject that nobody will append to again: it expects 0 afterwards, as one that never was. What
   * came after `last` stays. Doing it twice is no error. Throws `TransientError` or `LogRefused`.
   *
   * @param subject an exact one, never a wildcard
   */
  abstract forget(subject: string, last: number): Promise<void>;
}

/** A sequence (inclusive) or an instant (epoch ms, inclusive). */
export type ReadFrom = { readonly sequence: number } | { readonly at: number };

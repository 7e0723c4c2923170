import type { Carried, Subscription } from '#kernel';

/**
 * A published request held by one allocator; if that falls silent, another allocator gets the
 * request.
 */
export interface QueuedRequest {
  readonly body: Uint8Array;
  /** The trace that its requester was in; undefined if it was in none. */
  readonly carried?: Carried | undefined;
  /** The format that its sender wrote and checked; undefined of a sender that is no part of Berth. */
  readonly dataversion?: number | undefined;
  /** When the request was stored, by the queue's own clock (epoch ms). */
  readonly publishedAt: number;
  /** The number of this delivery of the request, from 1. */
  readonly delivery: number;
  /** Settles the request: it is not delivered again. After a `TransientError` it may be. */
  done(): Promise<void>;
  /** Gives the request back; it is delivered again, to any allocator, after `delayMs`. */
  later(delayMs: number): void;
  /** Keeps the request for another `QUEUE_PATIENCE_MS`. */
  stillAt(): void;
}

/** An allocator that says nothing about its request for this long (ms) is assumed to be gone. */
export const QUEUE_PATIENCE_MS = 30_000;

/** A region's published requests: durable, each delivered until one allocator settles it. */
export abstract class RequestQueue {
  /**
   * Resolves once the request is stored; repeats of an id within two minutes are stored once.
   *
   * @throws {TransientError} it is not known whether the request is stored: publish the same again.
   * @throws {LogRefused} the request is not stored: the queue is full, or the request is too large.
   */
  abstract publish(allocationId: string, body: Uint8Array): Promise<void>;

  /**
   * Receives requests in the order in which they were stored, at most `inHandsMax` unsettled ones.
   */
  abstract consume(
    receive: (request: QueuedRequest) => void,
    inHandsMax: number,
  ): Promise<Subscription>;
}

/** One of several outcomes; `sequence` rises with each recorded outcome. */
export interface StoredOutcome {
  readonly sequence: number;
  readonly body: Uint8Array;
}

/** The outcomes of requests: the last one of each subject, kept for a day. */
export abstract class OutcomeStore {
  /** Resolves once the outcome is stored. Throws `TransientError` or `LogRefused`. */
  abstract record(subject: string, body: Uint8Array): Promise<void>;

  /** Throws `TransientError` or `LogRefused`. */
  abstract last(subject: string): Promise<Uint8Array | undefined>;

  /**
   * The earliest `most` matching outcomes that were recorded after a sequence, or at or after an
   * instant (epoch ms). Throws `TransientError` or `LogRefused`.
   */
  abstract list(
    filter: string,
    from: { readonly after: number } | { readonly at: number },
    most: number,
  ): Promise<readonly StoredOutcome[]>;
}

import type { Subscription } from '#kernel';

/** A published request in the hands of one allocator; one that goes silent loses it to another. */
export interface QueuedRequest {
  readonly body: Uint8Array;
  /** When it was stored, by the queue's own clock (epoch ms). */
  readonly publishedAt: number;
  /** Which delivery of it this is, from 1. */
  readonly delivery: number;
  /** It is settled, and not delivered again. Throws `TransientError`: then it may be. */
  done(): Promise<void>;
  /** Gives it back; it is delivered again, to anybody, after `delayMs`. */
  later(delayMs: number): void;
  /** Keeps it for as long again (`QUEUE_PATIENCE_MS`). */
  stillAt(): void;
}

/** An allocator that says nothing about a request for so long is taken to be gone. */
export const QUEUE_PATIENCE_MS = 30_000;

/** A region's published requests: durable, each delivered until one of the allocators settles it. */
export abstract class RequestQueue {
  /**
   * Resolves once it is stored; the same id again within two minutes is stored once.
   *
   * @throws {TransientError} whether it is stored is not known: publish the same again.
   * @throws {LogRefused} it is not stored: the queue is full, or it is too large.
   */
  abstract publish(allocationId: string, body: Uint8Array): Promise<void>;

  /** Receives requests in the order of their storing, never more than `inHandsMax` unsettled. */
  abstract consume(
    receive: (request: QueuedRequest) => void,
    inHandsMax: number,
  ): Promise<Subscription>;
}

/** One of many outcomes; `sequence` rises with each that is recorded. */
export interface StoredOutcome {
  readonly sequence: number;
  readonly body: Uint8Array;
}

/** What became of requests: the last word by subject, kept for a day. */
export abstract class OutcomeStore {
  /** Resolves once it is stored. Throws `TransientError` or `LogRefused`. */
  abstract record(subject: string, body: Uint8Array): Promise<void>;

  /** Throws `TransientError` or `LogRefused`. */
  abstract last(subject: string): Promise<Uint8Array | undefined>;

  /**
   * The earliest of those that match and were recorded after a sequence, or at or after an instant
   * (epoch ms), `most` of them. Throws `TransientError` or `LogRefused`.
   */
  abstract list(
    filter: string,
    from: { readonly after: number } | { readonly at: number },
    most: number,
  ): Promise<readonly StoredOutcome[]>;
}

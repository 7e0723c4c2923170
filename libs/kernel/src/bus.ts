import type { NotPermitted } from './errors.js';

/**
 * What one process tells another of the trace it is in: `traceparent`, and `tracestate` where there
 * is one (W3C Trace Context). Nothing else is carried; baggage is not.
 */
export interface Carried {
  readonly traceparent: string;
  readonly tracestate?: string;
}

export interface BusMessage {
  readonly subject: string;
  readonly body: Uint8Array;
  /** The trace that its sender was in; undefined if it was in none. */
  readonly carried?: Carried;
  /** The format that its sender wrote and checked; undefined of a sender that is no part of Berth. */
  readonly dataversion?: number;
  /** Answers a request; does nothing when the sender asked for no answer. */
  respond(body: Uint8Array, headers?: Readonly<Record<string, string>>): void;
}

export interface Subscription {
  close(): void;
}

export interface SubscribeOptions {
  readonly queue?: string;
  readonly refused?: (refusal: NotPermitted) => void;
}

/**
 * Messages between services, delivered at most once (core NATS: no acknowledgement, no
 * persistence). They may be lost, repeated or overtaken, so nothing that must be true depends on
 * one of them.
 */
export abstract class Bus {
  abstract publish(subject: string, body: Uint8Array): void;

  /**
   * Throws `NobodyListens`, `DeadlinePassed` or `NotPermitted`.
   *
   * @param dataversion the format of the body, if this version of Berth has checked it
   */
  abstract request(
    subject: string,
    body: Uint8Array,
    timeoutMs: number,
    dataversion?: number,
  ): Promise<Uint8Array>;

  /**
   * With a `queue`, each message goes to one member of the queue only.
   *
   * @param options.refused called if the subscription is not permitted; it is over then. By default
   *   the error is thrown where nothing catches it, which ends a service with one line.
   */
  abstract subscribe(
    subject: string,
    receive: (message: BusMessage) => void,
    options?: SubscribeOptions,
  ): Subscription;
}

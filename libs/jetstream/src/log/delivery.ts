import type { Clock } from '#kernel';
import type { ConsumerConfig, JetStreamManager } from '@nats-io/jetstream';
import { createInbox, type NatsConnection } from '@nats-io/transport-node';
import type { HeaderOf } from './headers.js';

/** One stream and what is needed to reach it. */
export interface StreamAccess {
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
  readonly stream: string;
  readonly clock: Clock;
  /** Whether history is read by consumers, and not by direct gets. */
  readonly consumers: boolean;
}

/**
 * A subject for answers under the connection's own prefix, so that permissions keep others from
 * listening.
 */
export function newInbox({ manager }: StreamAccess): string {
  // The only public place where the client shows the connection's `inboxPrefix`.
  return createInbox(manager.getOptions().watcherPrefix);
}

/** A stored message on its way to a reader. */
export interface Delivered {
  readonly subject: string;
  readonly sequence: number;
  readonly body: Uint8Array;
  /** Reads its headers by their names, '' where it has none; they are looked for when this is called. */
  readonly headers: () => HeaderOf;
}

export interface DeliverySink {
  message(message: Delivered): void;
  /** The server is alive and has no more messages at the moment. */
  heartbeat(): void;
  /** No more messages will come; the reader has to open a new delivery. */
  failed(trouble: Error): void;
}

/** Passes the messages of a stream to a sink, in order, for as long as there is room for them. */
export interface Delivery {
  /** Says that `count` messages have been processed, so that as many more may come. */
  grant(count: number): void;
  close(): void;
}

/** Where a delivery begins, and the subjects that it has, as a consumer's settings say it. */
export type DeliveryStart = Pick<
  Partial<ConsumerConfig>,
  'deliver_policy' | 'filter_subject' | 'opt_start_seq' | 'opt_start_time'
>;

/**
 * Number of messages requested in advance: with 5,000 history is read twice as fast as with 100.
 */
export const AHEAD_MAX = 5_000;

/** How often a delivery says that there are no more messages (ms). */
export const HEARTBEAT_MS = 500;

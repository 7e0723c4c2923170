import type { Clock } from '#kernel';
import type { NatsConnection } from '@nats-io/transport-node';
import { ConnectionWatch } from './connection-watch.js';

/** How long a refusal is told (ms). */
const LATELY_MS = 600_000;

/**
 * Tells what the permissions of NATS denied last to this connection; null if that is more than ten
 * minutes ago.
 */
export function deniedLately(connection: NatsConnection, clock: Clock): () => string | null {
  let last: { readonly message: string; readonly at: number } | undefined;
  ConnectionWatch.of(connection).on('refused', ({ message }) => {
    last = { message, at: clock.now() };
  });
  return () => (last !== undefined && clock.now() < last.at + LATELY_MS ? last.message : null);
}

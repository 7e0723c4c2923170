import type { NatsConnection } from '@nats-io/transport-node';

/** The nats-server that a connection is with; null while there is none. */
export function serverOf({ info }: NatsConnection) {
  return info === undefined ? null : { name: info.server_name, version: info.version };
}

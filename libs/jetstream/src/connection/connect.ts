import { connect, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';

export interface ConnectNats extends Omit<NodeConnectionOptions, 'servers' | 'name'> {
  /** One URL, several, or several separated by commas. */
  readonly servers: string | readonly string[];
  /** As the server's monitoring shows it. */
  readonly name: string;
}

/** A connection that comes back for ever. Rejects where no server is reached at the start. */
export function connectNats({ servers, name, ...options }: ConnectNats): Promise<NatsConnection> {
  const list = typeof servers === 'string' ? servers.split(',') : servers;
  return connect({
    maxReconnectAttempts: -1,
    // Spread over half a second, so that a fleet of agents does not come back in one instant.
    reconnectTimeWait: 100,
    reconnectJitter: 500,
    // A server that is frozen or cut off is given up after 10 to 15 s.
    pingInterval: 5_000,
    maxPingOut: 2,
    // A stack trace for each request costs more than the request.
    noAsyncTraces: true,
    ...options,
    servers: list.map((server) => server.trim()),
    name,
  });
}

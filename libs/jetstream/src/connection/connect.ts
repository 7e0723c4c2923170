import { connect, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';

export interface ConnectNats extends Omit<NodeConnectionOptions, 'servers' | 'name'> {
  /**
   * One URL, several, or several separated by commas; `nats://user:password@host` or
   * `nats://token@host` where the server asks for it. The first one's is sent to all.
   */
  readonly servers: string | readonly string[];
  /** As the server's monitoring shows it. */
  readonly name: string;
}

/** The scheme, if any; then all up to the last `@`. The client itself leaves it out without a word. */
const CREDENTIALS = /^(\w+:\/\/)?(.*)@/;

/** A connection that comes back for ever. Rejects where no server is reached at the start. */
export function connectNats({ servers, name, ...options }: ConnectNats): Promise<NatsConnection> {
  const list = (typeof servers === 'string' ? servers.split(',') : servers).map((server) =>
    server.trim(),
  );
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
    ...credentialsIn(list),
    ...options,
    servers: list.map((server) => server.replace(CREDENTIALS, '$1')),
    name,
  });
}

function credentialsIn(
  servers: readonly string[],
): Pick<NodeConnectionOptions, 'user' | 'pass' | 'token'> {
  const found = servers.map((server) => CREDENTIALS.exec(server)?.[2]).find((text) => text);
  if (found === undefined) return {};
  const [name = '', ...rest] = found.split(':');
  if (rest.length === 0) return { token: decodeURIComponent(name) };
  return { user: decodeURIComponent(name), pass: decodeURIComponent(rest.join(':')) };
}

import { connect, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';

export interface ConnectNats extends Omit<NodeConnectionOptions, 'servers' | 'name'> {
  /**
   * One URL, several, or several separated by commas; `nats://user:password@host` or
   * `nats://token@host` if the server asks for credentials. The first credentials found are sent to
   * all servers.
   */
  readonly servers: string | readonly string[];
  /** The name of the connection in the server's monitoring. */
  readonly name: string;
}

/**
 * The scheme, if any, then everything up to the last `@`. The client itself drops this part
 * silently.
 */
const CREDENTIALS = /^(\w+:\/\/)?(.*)@/;

/** A connection that reconnects for ever. Rejects if no server is reached at the start. */
export function connectNats({ servers, name, ...options }: ConnectNats): Promise<NatsConnection> {
  const list = (typeof servers === 'string' ? servers.split(',') : servers).map((server) =>
    server.trim(),
  );
  return connect({
    maxReconnectAttempts: -1,
    // Reconnects are spread over half a second, so that a fleet of agents does not return at one
    // instant.
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

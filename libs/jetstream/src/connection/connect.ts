import { TransientError, type Cancel, type NotPermitted } from '#kernel';
import { connect, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';
import { checkWeaknesses, ServerUnsafe } from '#nats-server';
import { ConnectionWatch } from './connection-watch.js';
import { CREDENTIALS_IN_URL, Login, type NatsLogin } from './login.js';
import { keepLogin } from './login-left.js';
import { LoginInvalid, type Warn } from './secret-file.js';
import { startFailureOf, tlsFailure, type CredentialsRefused } from './start-failure.js';
import { hostOf, tlsOf } from './tls.js';

/** The servers, and how to log in to them. */
export interface NatsAddress {
  /**
   * One URL, several, or several separated by commas; `nats://user:password@host` or
   * `nats://token@host` if the server asks for credentials. The first credentials found are sent to
   * all servers. One `tls://` makes TLS required for all servers.
   */
  readonly servers: string | readonly string[];
  readonly login?: NatsLogin | undefined;
}

export interface ConnectNats
  extends NatsAddress, Pick<NodeConnectionOptions, 'timeout' | 'reconnect' | 'waitOnFirstConnect'> {
  /** The name of the connection in the server's monitoring. */
  readonly name: string;
  /** Called for a file that others may read, and for one that cannot be read again. */
  readonly onWarning?: Warn;
  /**
   * Called with the known weaknesses of the server's version if it is reached on loopback; elsewhere
   * such a server is refused. Without this no server is refused for its weaknesses.
   */
  readonly onServer?: Warn;
  /** Called for each message, subscription or reconnect that the server refuses. */
  readonly onRefused?: (refusal: NotPermitted | CredentialsRefused) => void;
}

/**
 * Connects once, and reconnects for ever after that.
 *
 * @throws {LoginInvalid} the login is contradictory, or one of its files is not usable.
 * @throws {CredentialsRefused | TlsRefused}
 * @throws {ServerUnsafe} see `onServer`.
 * @throws {TransientError} no server is reached.
 */
export async function connectNats(to: ConnectNats): Promise<NatsConnection> {
  const {
    servers,
    name,
    login = {},
    onWarning = () => undefined,
    onRefused,
    onServer,
    ...options
  } = to;
  const list = typeof servers === 'string' ? servers.split(',') : servers;
  const given = list.map((server) => server.trim());
  given.forEach(requireScheme);
  const identity = Login.open(login, given, onWarning);
  const tls = tlsOf(login, given, onWarning);
  const who = () => `${name} (${whoIs(identity, login)})`;
  try {
    const connection = await connect({
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
      // Without this the client gives up at the second refusal. During a rotation the server may
      // have the new credentials before the file has.
      ignoreAuthErrorAbort: true,
      ...(identity && { authenticator: identity.authenticator }),
      ...(tls && { tls }),
      ...(login.inboxPrefix !== undefined && { inboxPrefix: login.inboxPrefix }),
      ...options,
      servers: given.map((server) => server.replace(CREDENTIALS_IN_URL, '$1')),
      name,
    });
    const watch = new ConnectionWatch(connection, who);
    if (identity !== undefined) keepLogin(connection, identity);
    if (onServer !== undefined) await refuseUnsafe(connection, onServer);
    if (onRefused !== undefined) {
      watch.on('refused', onRefused);
      watch.on('shutOut', onRefused);
    }
    return withRefusals(connection, watch);
  } catch (error) {
    if (error instanceof ServerUnsafe) throw error;
    const failure = startFailureOf(error, who());
    const isExplained = tls === undefined || !(failure instanceof TransientError);
    throw isExplained ? failure : ((await tlsFailure(given, login)) ?? failure);
  }
}

/** Closes the connection if the server is refused. */
async function refuseUnsafe(connection: NatsConnection, onServer: Warn): Promise<void> {
  const host = hostOf(connection.getServer());
  try {
    const weaknesses = checkWeaknesses(connection.info?.version ?? '', host);
    if (weaknesses !== undefined) onServer(weaknesses);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/**
 * Makes refused requests fail with `NotPermitted`. JetStream's API and the object store send theirs
 * by the same method. The client knows a refused request by its subject, but the server names the one
 * that the account's mappings make of it; so the watch is heard as well.
 */
function withRefusals(connection: NatsConnection, watch: ConnectionWatch): NatsConnection {
  const request = connection.request.bind(connection);
  connection.request = async (subject, ...rest) => {
    let cancel: Cancel = () => undefined;
    const refused = new Promise<never>((_, reject) => {
      cancel = watch.on('refused', (refusal) => refusal.subject === subject && reject(refusal));
    });
    try {
      return await Promise.race([request(subject, ...rest), refused]);
    } catch (error) {
      throw watch.refusalIn(error) ?? error;
    } finally {
      cancel();
    }
  };
  return connection;
}

function whoIs(identity: Login | undefined, { certFile }: NatsLogin): string {
  if (identity !== undefined) return identity.who;
  return certFile === undefined ? 'without credentials' : `certificate file ${certFile}`;
}

const SCHEMES = /^((nats|tls):\/\/)?[^/]+$/i;

/** The client itself ignores the scheme. */
function requireScheme(server: string): void {
  if (SCHEMES.test(server.replace(CREDENTIALS_IN_URL, '$1'))) return;
  throw new LoginInvalid('an address of NATS must be like nats://host:4222 or tls://host:4222');
}

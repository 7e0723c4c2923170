import {
  accountOf,
  accountRules,
  ANSWERED_WITHIN,
  subjectAtEdge,
  type Account,
} from './accounts.js';
import { permissionsFor, type Identity } from './identity.js';

/** An identity that may log in. */
export interface EnrolledIdentity extends Identity {
  /**
   * Public halves of its NKeys, `U…`; it can log in with any of them. The server never sees the
   * private halves.
   */
  readonly nkeys: readonly string[];
  /** With an operator, by NKey: the public half of the key that its JWT was signed with, `A…`. */
  readonly signers?: Readonly<Record<string, string>>;
  /** With an operator, by NKey: when its JWT ends (epoch ms); missing: it does not. */
  readonly until?: Readonly<Record<string, number>>;
}

export interface ServerSettings {
  /** Unique in the cluster. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly storeDirectory: string;
  /** Paths of PEM files on the server's machine; without them connections are plain text. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string };
  /**
   * The other servers, and the password by which they authenticate each other; undefined for a
   * single server.
   */
  readonly cluster?: {
    readonly port: number;
    readonly routes: readonly string[];
    readonly user: string;
    readonly password: string;
  };
}

/** The largest payload that nats-server accepts without a warning. */
const MAX_PAYLOAD_BYTES = 8 * 1024 * 1024;

/** A server's own file, with its settings and limits; it includes the file with the permissions. */
export function serverText(settings: ServerSettings, accountsFile: string): string {
  const { name, host, port, storeDirectory, tls, cluster } = settings;
  return [
    '# Written by `berth nats config`. Changes are lost when it is written again.',
    entry('server_name', name),
    entry('host', host),
    entry('port', port),
    '# The log is acknowledged when it is on disk, and not before.',
    entry('jetstream', { store_dir: storeDirectory, sync_interval: 'always' }),
    '# Limits: a machine that fails, or means harm, must not take the server from the others.',
    entry('max_payload', MAX_PAYLOAD_BYTES),
    entry('max_connections', 20_000),
    entry('max_subscriptions', 10_000),
    entry('max_control_line', 16_384),
    entry('max_pending', 64 * 1024 * 1024),
    entry('write_deadline', '10s'),
    ...(tls === undefined ? [] : [entry('tls', tlsOf(tls))]),
    ...(cluster === undefined ? [] : [entry('cluster', clusterOf(cluster, tls))]),
    `include ${JSON.stringify(accountsFile)}`,
    '',
  ].join('\n');
}

/**
 * Who may log in and do what; the same file for every server of a cluster. It contains no secret.
 */
export function accountsText(identities: readonly EnrolledIdentity[]): string {
  const regions = [...new Set(identities.flatMap((identity) => identity.regions))].sort();
  const account = (name: Account) => ({
    ...(name === 'BERTH' && { jetstream: 'enabled' }),
    ...accountRules(name, regions),
    users: identities.filter(({ role }) => accountOf(role) === name).flatMap(usersOf),
  });
  return [
    '# Written by `berth nats config` and `berth enroll`, from the table of endpoints of this version of Berth.',
    '# Changes are lost. It holds public keys only; nats-server --signal reload makes it count.',
    entry('accounts', { BERTH: account('BERTH'), EDGE: account('EDGE') }),
    '',
  ].join('\n');
}

function usersOf(identity: EnrolledIdentity) {
  const { publish, subscribe, answers } = permissionsFor(identity);
  const isAtEdge = accountOf(identity.role) === 'EDGE';
  const permissions = {
    publish: { allow: isAtEdge ? publish.map(subjectAtEdge) : publish },
    subscribe: { allow: subscribe },
    ...(answers && { allow_responses: { max: 1, expires: ANSWERED_WITHIN } }),
  };
  return identity.nkeys.map((nkey) => ({ nkey, permissions }));
}

function tlsOf({ cert, key, ca }: NonNullable<ServerSettings['tls']>) {
  return { cert_file: cert, key_file: key, ...(ca !== undefined && { ca_file: ca }), timeout: 5 };
}

function clusterOf(
  { port, routes, user, password }: NonNullable<ServerSettings['cluster']>,
  tls: ServerSettings['tls'],
) {
  const secret = `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
  return {
    name: 'berth',
    port,
    authorization: { user, password, timeout: 5 },
    routes: routes.map((route) => `nats-route://${secret}${route}`),
    ...(tls !== undefined && { tls: tlsOf(tls) }),
  };
}

/** nats-server's format accepts JSON for values. */
function entry(name: string, value: unknown): string {
  return `${name}: ${JSON.stringify(value, null, 2)}`;
}

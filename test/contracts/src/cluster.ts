import {
  checkServerVersion,
  findNatsServer,
  NatsServerNotFound,
  ServerTooOld,
  startNatsServer,
  type NatsServer,
  type NatsServerBinary,
} from '#nats-server';
import { connectNats, type NatsLogin } from '#jetstream';
import { jetstreamManager } from '@nats-io/jetstream';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

const SERVERS = 3;

/**
 * How often a new cluster is asked whether it has a leader, and how long one question waits (ms).
 */
const ASK_MS = 200;
const ANSWER_MS = 2_000;

/** A nats-server whose clusters may hold the log; or the reason why there is none. */
export type ClusterBinary = { readonly binary: NatsServerBinary } | { readonly missing: string };

/**
 * The nats-server that NATS_CLUSTER_SERVER or NATS_SERVER names: the one that `npm ci` installs is
 * too old for a cluster.
 */
export async function findClusterBinary(env: NodeJS.ProcessEnv): Promise<ClusterBinary> {
  const named = env['NATS_CLUSTER_SERVER'] ?? env['NATS_SERVER'];
  if (!named) return { missing: 'NATS_CLUSTER_SERVER names no nats-server of 2.14.4 or newer' };
  try {
    const binary = await findNatsServer({ ...env, NATS_SERVER: named });
    checkServerVersion({ version: binary.version, replicas: SERVERS, clustered: true });
    return { binary };
  } catch (error) {
    if (!(error instanceof NatsServerNotFound) && !(error instanceof ServerTooOld)) throw error;
    return { missing: error.message };
  }
}

/**
 * Starts three servers in one cluster on this machine; resolves when they accept requests for
 * streams.
 *
 * @param storeOf further configuration of the server that has this data folder
 * @param login of somebody who may ask for streams
 */
export async function startCluster(
  folder: string,
  binary: NatsServerBinary,
  storeOf: (dataDirectory: string) => string = () => '',
  login?: NatsLogin,
): Promise<readonly NatsServer[]> {
  const ports = await freePorts(SERVERS);
  const routes = ports.map((port) => `"nats://127.0.0.1:${port}"`).join(', ');
  const started = ports.map((port, index) => {
    const name = `server-${index + 1}`;
    const cluster = `cluster { name: berth, listen: "127.0.0.1:${port}", routes: [${routes}] }`;
    const dataDirectory = join(folder, name);
    const extraConfig = `${cluster}\n${storeOf(dataDirectory)}`;
    return startNatsServer({ dataDirectory, name, binary, extraConfig });
  });
  const servers = await Promise.all(started);
  await untilLed(servers, login);
  return servers;
}

export function urlsOf(servers: readonly NatsServer[]): string {
  return servers.map(({ url }) => url).join(',');
}

async function untilLed(servers: readonly NatsServer[], login?: NatsLogin): Promise<void> {
  const connection = await connectNats({ servers: urlsOf(servers), name: 'cluster', login });
  const manager = await jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_MS });
  const isLed = () =>
    manager.getAccountInfo().then(
      () => true,
      () => false,
    );
  while (!(await isLed())) await new Promise((resolve) => setTimeout(resolve, ASK_MS));
  await connection.close();
}

/** Servers of a cluster must know each other's ports before any of them starts. */
async function freePorts(count: number): Promise<readonly number[]> {
  const doors = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(doors.map((door) => once(door, 'listening')));
  const ports = doors.map((door) => (door.address() as AddressInfo).port);
  await Promise.all(doors.map((door) => once(door.close(), 'close')));
  return ports;
}

import { join } from 'node:path';
import type { Surroundings, Target } from '../target.js';
import { startWorker } from '../worker.js';
import { USER } from './postgres-store.js';
import { accountOf, findProgram, folderFor, runOnce, startStore } from './server.js';
import type { StoreServer } from './server.js';
import type { StoreParameters } from './store.js';

const POSTGRES = '/usr/lib/postgresql';

/** `FOR UPDATE SKIP LOCKED` on PostgreSQL, the usual recommendation. */
export const postgresTarget: Target = {
  name: 'postgres',
  requesterModule: new URL('./requester.js', import.meta.url),
  async start(surroundings) {
    const [initdb, postgres] = [
      await findProgram('initdb', POSTGRES),
      await findProgram('postgres', POSTGRES),
    ];
    if (initdb === undefined || postgres === undefined) {
      return { skipped: 'there is no PostgreSQL (apt install postgresql)' };
    }
    const account = await accountOf('postgres');
    const folder = join(surroundings.folder, 'postgres');
    await folderFor(account, folder);
    runOnce(initdb, ['-D', folder, '-U', USER, '-A', 'trust', '--no-sync'], account);
    const settings = {
      listen_addresses: '',
      unix_socket_directories: folder,
      synchronous_commit: surroundings.syncAlways ? 'on' : 'off',
      log_min_messages: 'panic',
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const socket = join(folder, '.s.PGSQL.5432');
    const server = await startStore(postgres, ['-D', folder, ...options], { account, socket });
    return started(surroundings, server, { name: 'postgres', socket: folder });
  },
};

/** Scripts on Redis, whose append-only file is synced before it answers. */
export const redisTarget: Target = {
  name: 'redis',
  requesterModule: new URL('./requester.js', import.meta.url),
  async start(surroundings) {
    const program = await findProgram('redis-server');
    if (program === undefined) return { skipped: 'there is no Redis (apt install redis-server)' };
    const folder = join(surroundings.folder, 'redis');
    await folderFor({}, folder);
    const socket = join(folder, 'redis.sock');
    const settings = {
      port: '0',
      unixsocket: socket,
      dir: folder,
      save: '',
      appendonly: 'yes',
      appendfsync: surroundings.syncAlways ? 'always' : 'everysec',
      loglevel: 'warning',
    };
    const options = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    const server = await startStore(program, options, { socket });
    return started(surroundings, server, { name: 'redis', socket });
  },
};

async function started(
  { natsUrl }: Surroundings,
  server: StoreServer,
  store: Omit<StoreParameters, 'natsUrl'>,
) {
  const address: StoreParameters = { natsUrl, ...store };
  const allocator = await startWorker(new URL('./allocator.js', import.meta.url), address);
  const agent = await startWorker(new URL('./agent.js', import.meta.url), address);
  return {
    address,
    processes: { allocator: allocator.pid, agent: agent.pid, [store.name]: server.pid },
    async stop() {
      await Promise.all([allocator.stop(), agent.stop()]);
      await server.stop();
    },
  };
}

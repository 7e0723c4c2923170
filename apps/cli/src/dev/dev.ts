import { findNatsServer, startNatsServer, type NatsServer } from '#nats-server';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { complain, print } from '../terminal.js';
import { checkPortFree, waitForSlots } from './checks.js';
import { devAccess, type DevAccess } from './dev-access.js';
import { Service } from './service.js';
import { welcome } from './welcome.js';

export interface DevOptions {
  readonly httpPort: number;
  readonly natsPort: number;
  readonly slots: number;
  readonly gamePorts: string;
  readonly region: string;
  readonly data: string;
  /** The first of the ports for metrics, one for each service; undefined for no metrics. */
  readonly metricsPort?: number;
}

/** The folder `dist/`, relative to the built file. */
const BUILT = fileURLToPath(new URL('../../../../', import.meta.url));

const HOST = '127.0.0.1';

/**
 * Runs nats-server and all services until a signal stops them. Each needs those started before it.
 */
export async function runDev(options: DevOptions): Promise<void> {
  const data = resolve(options.data);
  const logDirectory = join(data, 'logs');
  mkdirSync(logDirectory, { recursive: true });
  const stopping = new Promise<string>((tell) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, tell);
  });

  await checkPortFree(HOST, options.httpPort, 'the HTTP API', '--http-port');
  const isOurs = !process.env['NATS_URL'];
  const url = `nats://${HOST}:${options.natsPort}`;
  const access = isOurs ? await devAccess(data, options.region, url) : undefined;
  const nats = access && (await natsServer(options, data, logDirectory, access));
  const natsUrl = nats?.url ?? process.env['NATS_URL'] ?? '';
  const servers = { natsUrl, monitorUrl: nats?.monitorUrl };
  const services = servicesOf(options, servers, data, logDirectory, access);
  const stopAll = async () => {
    for (const service of services.toReversed()) await service.stop();
    await nats?.stop();
  };

  try {
    await Promise.all(services.map((service) => service.start()));
    const api = `http://${HOST}:${options.httpPort}`;
    await Promise.race([waitForSlots(api, options.slots), stopping]);
    print(welcome({ ...options, api, natsUrl, data }));
    await stopping;
    print('\nstopping …');
  } finally {
    await stopAll();
  }
  print(`stopped; the log and the slots are kept in ${options.data}`);
  process.exit(0);
}

async function natsServer(
  { natsPort }: DevOptions,
  data: string,
  logDirectory: string,
  { config }: DevAccess,
): Promise<NatsServer> {
  return startNatsServer({
    binary: await findNatsServer(process.env),
    dataDirectory: join(data, 'nats'),
    logFile: join(logDirectory, 'nats-server.log'),
    host: HOST,
    port: natsPort,
    // Any free port: allocators ask there whether it syncs, and how full it is.
    monitorPort: -1,
    extraConfig: config,
  });
}

/** In the order of their dependencies. They are stopped in the reverse order. */
function servicesOf(
  { httpPort, region, slots, gamePorts, metricsPort }: DevOptions,
  { natsUrl, monitorUrl }: { readonly natsUrl: string; readonly monitorUrl: string | undefined },
  data: string,
  logDirectory: string,
  access: DevAccess | undefined,
): Service[] {
  const game = join(BUILT, 'examples/game-server/src/main.js');
  const command = [
    process.execPath,
    game,
    '--port',
    '{port}',
    '--callback-port',
    '{callback_port}',
    '--query-port',
    '{query_port}',
  ];
  const monitor = monitorUrl === undefined ? '*:8222' : new URL(monitorUrl).host;
  const common = { NATS_URL: natsUrl, BERTH_REGIONS: region, BERTH_DATA: data };
  const settings = {
    allocator: { ...common, ...(monitorUrl !== undefined && { NATS_MONITOR_URLS: monitorUrl }) },
    gateway: {
      ...{ ...common, HTTP_HOST: HOST, HTTP_PORT: String(httpPort) },
      GAMEFABRIC_FLEETS: process.env['GAMEFABRIC_FLEETS'] ?? '*',
    },
    registrar: {
      ...common,
      BERTH_REGION: region,
      BERTH_DATA: join(data, 'registrar'),
      // `dev` runs the servers that register themselves on this machine too.
      BERTH_CALLBACK_NETWORKS: '127.0.0.0/8,::1/128,0.0.0.0/0,::/0',
      BERTH_CALLBACK_FORBIDDEN: `*:${httpPort},${monitor}`,
    },
    agent: {
      ...common,
      BERTH_REGION: region,
      BERTH_AGENT: 'dev',
      BERTH_DATA: join(data, 'agent'),
      BERTH_SLOTS: String(slots),
      BERTH_PORTS: gamePorts,
      BERTH_FLEET: 'sample',
      // What the examples of the API's document ask for, so that each is granted.
      BERTH_ATTRIBUTES: 'mode=ctf,env=prod',
      BERTH_BUILD_CONFIGURATION: 'sample-game',
      BERTH_COMMAND: JSON.stringify(command),
      BERTH_QUERY: 'sqp',
      BERTH_ON_STOP: 'end',
    },
    auditor: { ...common, BERTH_DATA: join(data, 'auditor') },
  };
  return Object.entries(settings).map(([name, own], index) => {
    const port = metricsPort === undefined ? '' : String(metricsPort + index);
    const login = access?.settings[name as keyof typeof settings];
    const env = { ...login, ...own, BERTH_METRICS_PORT: port };
    const main = join(BUILT, `apps/${name}/src/main.js`);
    return new Service({ name, main, env, logDirectory }, (line) => complain(`berth: ${line}`));
  });
}

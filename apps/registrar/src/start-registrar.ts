import { OutboundGuard, resolveBy, systemResolve } from '#callback-http';
import type { Clock } from '#kernel';
import { openMetricsServer } from '#metrics';
import { EndpointServer } from '#rpc';
import {
  connectService,
  createLogger,
  SystemClock,
  SystemRandom,
  type Logger,
} from '#service-runtime';
import { traceService } from '#trace-export';
import { openOwner, OwnerReadiness } from '#slot-owner';
import { Callbacks } from './callbacks.js';
import { readRegistrarConfig, type RegistrarConfig } from './config.js';
import { registrarMetrics } from './metrics/registrar-metrics.js';
import { serveRegistrar } from './registrar.endpoints.js';
import { Registrar } from './registrar.js';
import { RegistryFolder } from './registry-folder.js';
import { outboundRules, registrySettings } from './registry-settings.js';
import { Retirements } from './retirements.js';
import { requireToBeAlone } from './single-registrar.js';

/**
 * Most registrations, keep-alives and deregistrations that are served at once; further ones are
 * refused and may be sent again.
 */
const UNDER_WAY_MAX = 1_000;

/**
 * Starts a registrar in this process, for `runService`. Throws `ConfigInvalid` with everything that
 * is wrong.
 */
export async function startRegistrar(env: NodeJS.ProcessEnv) {
  const config = readRegistrarConfig(env);
  const logger = createLogger('registrar', config.LOG_LEVEL);
  const tracing = await traceService('registrar', config, logger);
  return { app: await openRegistrar(config, logger), logger, tracing };
}

/** Locks the data folder, connects, and takes over the registrations on disk. */
async function openRegistrar(config: RegistrarConfig, logger: Logger) {
  const clock = new SystemClock();
  const settings = ownerSettings(config, { clock, logger });
  const owner = await openOwner(settings, clock, new SystemRandom());
  const { identity, bus, eventLog, loginLeftMs } = owner;
  await requireToBeAlone(identity.region, bus);
  const registrar = new Registrar(identity, {
    ...{ eventLog, bus, clock, logger, loginLeftMs },
    settings: registrySettings(config),
    folder: new RegistryFolder(config.BERTH_DATA),
    callbacks: openCallbacks(config, clock, logger),
    retirements: new Retirements(identity, bus, clock, logger),
  });
  registrar.start();
  const server = new EndpointServer(bus, { clock, logger, underWayMax: UNDER_WAY_MAX });
  serveRegistrar(server, identity.region, registrar);
  const readiness = new OwnerReadiness({
    ...{ data: config.BERTH_DATA, clock, eventLog, awayBecause: owner.awayBecause },
    ownReason: () => registrar.unreadyBecause(),
  });
  const { metrics, watch, watchEndpoints } = registrarMetrics();
  watch(registrar);
  watchEndpoints(server);
  const metricsServer = await openMetricsServer(metrics, {
    ...{ host: config.BERTH_METRICS_HOST, port: config.BERTH_METRICS_PORT, logger },
    health: () => readiness.reasons(),
  });
  const close = async () => {
    await metricsServer?.close();
    server.close();
    registrar.close();
    await owner.close();
  };
  return { close };
}

function openCallbacks(config: RegistrarConfig, clock: SystemClock, logger: Logger): Callbacks {
  const dns = config.BERTH_CALLBACK_DNS;
  const resolve = dns.length > 0 ? resolveBy(dns) : systemResolve;
  const guard = new OutboundGuard(outboundRules(config), clock, resolve);
  if (config.BERTH_CALLBACK_NETWORKS.length === 0) {
    logger.warn('no server with a callback can register: BERTH_CALLBACK_NETWORKS lists no network');
  }
  const { BERTH_CALLBACK_ENVELOPE: envelope, BERTH_CALLBACK_EMPTY: emptyPayload } = config;
  return new Callbacks({ envelope, emptyPayload }, guard, clock, logger);
}

function ownerSettings(config: RegistrarConfig, world: { clock: Clock; logger: Logger }) {
  const { BERTH_DATA: data, BERTH_REGION: region, BERTH_AGENT: name } = config;
  const { BERTH_MACHINE: machine } = config;
  const connect = (agent: string) => connectService(config, `berth-registrar-${agent}`, world);
  return { data, region, name, machine, connect };
}

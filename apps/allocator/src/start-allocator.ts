import { openMetricsServer } from '#metrics';
import { deniedLately, loginLeftMs, NatsBus, serverOf, streamViews, whenThere } from '#jetstream';
import { EndpointServer, tellAlive } from '#rpc';
import {
  connectService,
  createLogger,
  elapsedNs,
  SystemClock,
  SystemRandom,
  version,
  type Logger,
  WAITS,
} from '#service-runtime';
import { traceService } from '#trace-export';
import { endpoints } from '#wire';
import { Allocator } from './allocator.js';
import { allocatorConfig, type AllocatorConfig } from './config.js';
import { allocatorMetrics } from './metrics/allocator-metrics.js';
import { openPorts } from './open-ports.js';
import type { AllocatorOptions } from './options.js';
import { masterKeysIn } from './payloads/master-key.js';
import { storagesAt, warnOfUnsynced } from './nats-storage.js';

/**
 * The allocators of all regions, for `runService`. Throws `ConfigInvalid`, which lists all errors.
 */
export async function startAllocator(env: NodeJS.ProcessEnv) {
  const config = allocatorConfig(env);
  const logger = createLogger('allocator', config.LOG_LEVEL);
  const tracing = await traceService('allocator', config, logger);
  return { app: await openAllocators(config, logger), logger, tracing };
}

/** Connects, lets one allocator for each region read its log, and serves until it is closed. */
export async function openAllocators(config: AllocatorConfig, logger: Logger) {
  const world = { clock: new SystemClock(), random: new SystemRandom(), logger };
  const id = world.random.id().slice(0, 8);
  const options = optionsOf(config, logger);
  // Log and bus share one connection, so that answers and appends leave in one write.
  const connection = await connectService(config, `berth-allocator-${id}`, world);
  void warnOfUnsynced(config.NATS_MONITOR_URLS, logger);
  const denied = deniedLately(connection, world.clock);
  const deps = { connection, bus: new NatsBus(connection), ...world };
  const allocators: Allocator[] = [];
  /** Why the log of a region is not open yet. */
  const waits = new Map<string, string>();
  const { metrics, watch, started, watchEndpoints } = allocatorMetrics();
  const metricsServer = await openMetricsServer(metrics, {
    ...{ host: config.BERTH_METRICS_HOST, port: config.BERTH_METRICS_PORT, logger },
    health: () => reasonsOf(config.BERTH_REGIONS, allocators, waits),
  });
  const open = async (region: string) => {
    const beganNs = elapsedNs();
    const ports = await openPorts(region, config, deps);
    const allocator = new Allocator(id, region, ports, options);
    // Nothing is counted that nobody can read.
    if (metricsServer !== undefined) watch(allocator);
    await start(allocator);
    started.set({ region }, (elapsedNs() - beganNs) / 1e9);
    allocators.push(allocator);
  };
  await Promise.all(
    config.BERTH_REGIONS.map((region) =>
      whenThere(
        () => open(region),
        world.clock,
        (reason) => {
          waits.set(region, reason);
          logger.warn({ region, reason }, WAITS);
        },
      ),
    ),
  );
  const server = new EndpointServer(deps.bus, world);
  for (const allocator of allocators) allocator.serve(server);
  for (const region of config.BERTH_REGIONS) {
    server.serve(endpoints.streams, { region }, async () => ({
      status: 'streams' as const,
      ...(await streamViews(connection, region, config.BERTH_ARCHIVE_DAYS > 0)),
      servers: await storagesAt(config.NATS_MONITOR_URLS),
    }));
  }
  watchEndpoints(server);
  const startedAt = world.clock.now();
  server.announce(identityOf(id, config, startedAt));
  const silences = allocators.map((allocator) =>
    tellAlive(deps, { region: allocator.region, service: 'allocator', id }, () => ({
      ...{ version, startedAt, waiting: allocator.waiting },
      ...{ notReadyBecause: allocator.unservedBecause(), server: serverOf(connection) },
      ...{ denied: denied(), clockAheadMs: allocator.clockAheadMs },
      loginLeftMs: loginLeftMs(connection, world.clock),
    })),
  );
  const close = async () => {
    for (const silence of silences) silence();
    await metricsServer?.close();
    server.close();
    // Requests that came before the server stopped delivering are still answered.
    if (!connection.isClosed()) await connection.flush();
    for (const allocator of allocators) allocator.stop();
    await connection.drain();
  };
  return { close };
}

/**
 * If the start fails, the allocator is stopped, since it may have read only half of the log; the
 * caller tries again with a new one.
 */
async function start(allocator: Allocator): Promise<void> {
  try {
    await allocator.start();
  } catch (error) {
    allocator.stop();
    throw error;
  }
}

/**
 * Why requests of some regions are not served; a region whose log is not open yet is among them.
 */
function reasonsOf(
  regions: readonly string[],
  allocators: readonly Allocator[],
  waits: ReadonlyMap<string, string>,
): readonly string[] {
  return regions.flatMap((name) => {
    const allocator = allocators.find(({ region }) => region === name);
    const notOpen = waits.get(name) ?? 'the log is not open yet';
    const reason = allocator === undefined ? notOpen : allocator.unservedBecause();
    return reason === null ? [] : [`${name}: ${reason}`];
  });
}

function identityOf(id: string, config: AllocatorConfig, startedAt: number) {
  return {
    ...{ name: 'berth-allocator', id, version, startedAt },
    description: 'Grants game servers, and takes them back.',
    metadata: { regions: config.BERTH_REGIONS.join(',') },
  };
}

function optionsOf(config: AllocatorConfig, logger: Logger): Partial<AllocatorOptions> {
  return {
    rememberMs: config.BERTH_REMEMBER_HOURS * 3_600_000,
    archiveMs: config.BERTH_ARCHIVE_DAYS * 86_400_000,
    policyRequired: config.BERTH_REQUIRE_MACHINE_POLICY,
    encryptsPayloads: config.BERTH_ENCRYPT_PAYLOADS,
    payloadMs: config.BERTH_PAYLOAD_DAYS * 86_400_000,
    masterKeys: masterKeysIn(config.BERTH_PAYLOAD_MASTER_KEY_FILE, (says) =>
      logger.warn(`${says}; the keys that were read last are used`),
    ),
    rememberedMax: config.BERTH_REMEMBERED_MAX,
    waitingMax: config.BERTH_WAITING_MAX,
  };
}

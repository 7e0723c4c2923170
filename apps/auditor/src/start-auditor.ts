import { acquireLock, LockHeld } from '#folder-lock';
import { NatsBus } from '#jetstream';
import { openMetricsServer } from '#metrics';
import { EndpointServer } from '#rpc';
import {
  connectService,
  createLogger,
  readConfig,
  SystemClock,
  SystemRandom,
  type Logger,
} from '#service-runtime';
import { traceService } from '#trace-export';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { serveAuditor } from './auditor.endpoints.js';
import { auditorSettings, type AuditorConfig } from './config.js';
import { IndexFiles } from './index/index-files.js';
import { RegionIndex } from './index/region-index.js';
import { auditorMetrics } from './metrics/auditor-metrics.js';
import { openHistory } from './open-history.js';

/** Most questions that are under way at once; further ones are refused and may be sent again. */
const UNDER_WAY_MAX = 100;

/** An index that is further behind than this is not up to date (events). */
const LAG_MAX = 10_000;

/** Another auditor runs on the data folder. */
class FolderTaken extends Error {
  override readonly name = 'FolderTaken';
}

/** Starts an auditor in this process, for `runService`. Throws `ConfigInvalid`. */
export async function startAuditor(env: NodeJS.ProcessEnv) {
  const config = readConfig(auditorSettings, env);
  const logger = createLogger('auditor', config.LOG_LEVEL);
  const tracing = await traceService('auditor', config, logger);
  return { app: await openAuditor(config, logger), logger, tracing };
}

async function openAuditor(config: AuditorConfig, logger: Logger) {
  const { BERTH_DATA: folder, BERTH_REGIONS: regions } = config;
  const world = { clock: new SystemClock(), logger };
  await mkdir(folder, { recursive: true });
  const release = await locked(folder);
  const id = new SystemRandom().id().slice(0, 8);
  const connection = await connectService(config, `berth-auditor-${id}`, world);
  const indexes = regions.map((region) => {
    const files = new IndexFiles(folder, region);
    const open = () => openHistory(region, connection, world.clock);
    return new RegionIndex(region, { files, open, ...world });
  });
  const { metrics, watch, watchEndpoints } = auditorMetrics();
  const metricsServer = await openMetricsServer(metrics, {
    ...{ host: config.BERTH_METRICS_HOST, port: config.BERTH_METRICS_PORT, logger },
    health: () => (connection.isClosed() ? [CLOSED] : indexes.flatMap(reasonsOf)),
  });
  const server = new EndpointServer(new NatsBus(connection), {
    ...world,
    underWayMax: UNDER_WAY_MAX,
  });
  for (const index of indexes) {
    watch(index);
    index.start();
    serveAuditor(server, index);
  }
  watchEndpoints(server);
  const close = async () => {
    await metricsServer?.close();
    server.close();
    for (const index of indexes) index.close();
    await connection.close();
    release();
  };
  return { close };
}

const CLOSED = 'NATS: the connection is closed';

/** Why an index does not answer, or not with what happened lately. */
function reasonsOf({ region, unbuiltBecause, state }: RegionIndex): readonly string[] {
  if (unbuiltBecause !== null) return [unbuiltBecause];
  const { lagEvents } = state;
  if (lagEvents === null) return [`region ${region}: the log does not answer`];
  if (lagEvents <= LAG_MAX) return [];
  return [`region ${region}: the index is ${lagEvents} events behind the log`];
}

async function locked(folder: string): Promise<() => void> {
  try {
    return await acquireLock(join(folder, 'lock'));
  } catch (error) {
    if (!(error instanceof LockHeld)) throw error;
    const why = `the data folder ${folder} belongs to the running auditor with process id ${error.pid}`;
    throw new FolderTaken(why, { cause: error });
  }
}

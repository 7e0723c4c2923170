import { JetStreamBuildFiles } from '#build-files';
import {
  ConnectionWatch,
  JetStreamEventLog,
  JetStreamOutcomeStore,
  JetStreamRequestQueue,
  NatsBus,
  archiveStreamName,
  openRegionLog,
  deniedLately,
  loginLeftMs,
  serverOf,
  slotStreamName,
} from '#jetstream';
import { errorMessage } from '#kernel';
import { openMetricsServer } from '#metrics';
import {
  SystemRandom,
  SystemClock,
  connectService,
  createLogger,
  readConfig,
  runMain,
} from '#service-runtime';
import { traceService } from '#trace-export';
import { slotRecordCodec } from '#wire';
import { EventStreams } from './api/events/event-streams.js';
import { Readiness } from './api/health/readiness.js';
import { gatewaySettings } from './config.js';
import { serveDashboard } from './dashboard/serve-dashboard.js';
import { openSettings } from './open-settings.js';
import { gatewayMetrics } from './metrics/gateway-metrics.js';
import { serveExplorer } from './openapi/explorer.js';
import { startGateway } from './gateway.js';

const usage = {
  name: 'gateway',
  purpose: 'the HTTP API',
  settings: gatewaySettings.shape,
};

await runMain(usage, async () => {
  const config = readConfig(gatewaySettings, process.env);
  const logger = createLogger('gateway', config.LOG_LEVEL);
  const tracing = await traceService('gateway', config, logger);
  const clock = new SystemClock();
  const connection = await connectService(config, 'berth-gateway', { clock, logger });
  const { metrics, watchServer, watch } = gatewayMetrics();
  const started: { app?: Awaited<ReturnType<typeof startGateway>> } = {};
  const metricsServer = await openMetricsServer(metrics, {
    ...{ host: config.BERTH_METRICS_HOST, port: config.BERTH_METRICS_PORT, logger },
    health: () => started.app?.get(Readiness).reasons() ?? ['it is starting'],
  });
  const app = (started.app = await startGateway({
    config,
    bus: new NatsBus(connection),
    clock,
    random: new SystemRandom(),
    logger,
    openLog: (region) =>
      JetStreamEventLog.open(connection, {
        stream: slotStreamName(region),
        codec: slotRecordCodec,
        clock,
        onError: (error) =>
          logger.error({ region, error: errorMessage(error) }, 'an event was lost'),
      }),
    openArchive: (region) =>
      JetStreamEventLog.open(connection, {
        stream: archiveStreamName(region),
        codec: slotRecordCodec,
        clock,
      }),
    openPast: async (region) => (await openRegionLog(connection, region, clock)).kept,
    openSettings: (region) =>
      openSettings(region, (stream, codec) =>
        JetStreamEventLog.open(connection, { stream, codec, clock }),
      ),
    openFiles: (region) => JetStreamBuildFiles.open(connection, region, clock),
    queueOf: (region) => new JetStreamRequestQueue(connection, region, clock),
    outcomesOf: (region) => new JetStreamOutcomeStore(connection, region),
    busAwayBecause: () => ConnectionWatch.of(connection).awayBecause(),
    natsServer: () => serverOf(connection),
    deniedLately: deniedLately(connection, clock),
    loginLeftMs: () => loginLeftMs(connection, clock),
    serveExplorer: async (app, document) => {
      await serveExplorer(app, document);
      await serveDashboard(app);
    },
    watchServer,
    close: async () => {
      await metricsServer?.close();
      await connection.close();
    },
  }));
  watch(app.get(Readiness), app.get(EventStreams));
  return { app, logger, tracing };
});

import {
  JetStreamEventLog,
  JetStreamOutcomeStore,
  JetStreamRequestQueue,
  NatsBus,
  archiveStreamName,
  connectNats,
  slotStreamName,
} from '#jetstream';
import { errorMessage } from '#kernel';
import { SystemRandom, SystemClock, createLogger, readConfig, runMain } from '#service-runtime';
import { slotRecordCodec } from '#wire';
import { gatewaySettings } from './config.js';
import { ConnectionState } from './connection.js';
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
  const clock = new SystemClock();
  const connection = await connectNats({ servers: config.NATS_URL, name: 'berth-gateway' });
  const state = new ConnectionState(connection);
  const app = await startGateway({
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
    queueOf: (region) => new JetStreamRequestQueue(connection, region, clock),
    outcomesOf: (region) => new JetStreamOutcomeStore(connection, region),
    busAwayBecause: () => state.awayBecause(),
    serveExplorer,
    close: () => connection.close(),
  });
  return { app, logger };
});

import { JetStreamBuildFiles } from '#build-files';
import {
  archiveStreamConfig,
  archiveStreamName,
  ConnectionWatch,
  configurationStreamConfig,
  configurationStreamName,
  ensureStream,
  fleetStreamConfig,
  fleetStreamName,
  JetStreamEventLog,
  JetStreamKeyStore,
  JetStreamOutcomeStore,
  JetStreamRequestQueue,
  keyStreamConfig,
  LogWentBack,
  machineStreamConfig,
  machineStreamName,
  outcomeStreamConfig,
  requestStreamConfig,
  slotStreamConfig,
  slotStreamName,
} from '#jetstream';
import { errorMessage, type Bus, type Clock, type EventLog, type Random } from '#kernel';
import type { Logger } from '#service-runtime';
import {
  buildRecordCodec,
  configurationRecordCodec,
  fleetRecordCodec,
  machineRecordCodec,
  slotRecordCodec,
  type BuildRecord,
  type ConfigurationRecord,
  type SlotRecord,
} from '#wire';
import type { NatsConnection } from '@nats-io/transport-node';
import type { AllocatorConfig } from './config.js';
import type { AllocatorPorts } from './ports.js';

interface PortDeps {
  readonly connection: NatsConnection;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Creates or updates the streams of a region, and opens everything that its allocator needs. */
export async function openPorts(
  region: string,
  config: AllocatorConfig,
  { connection, ...world }: PortDeps,
): Promise<AllocatorPorts> {
  const { clock, logger } = world;
  const replicas = config.BERTH_REPLICAS;
  await ensureStream(connection, slotStreamConfig(region, { replicas }));
  const log = await JetStreamEventLog.open(connection, {
    stream: slotStreamName(region),
    codec: slotRecordCodec,
    clock,
    onError: (error) => reportLogError(error, region, logger),
    consumers: true,
  });
  const { BERTH_REQUESTS_BYTES_MAX, BERTH_OUTCOMES_BYTES_MAX } = config;
  await ensureStream(connection, requestStreamConfig(region, replicas, BERTH_REQUESTS_BYTES_MAX));
  await ensureStream(connection, outcomeStreamConfig(region, replicas, BERTH_OUTCOMES_BYTES_MAX));
  await ensureStream(connection, fleetStreamConfig(region, replicas));
  const fleets = await JetStreamEventLog.open(connection, {
    stream: fleetStreamName(region),
    codec: fleetRecordCodec,
    clock,
  });
  await ensureStream(connection, machineStreamConfig(region, replicas));
  const machines = await JetStreamEventLog.open(connection, {
    stream: machineStreamName(region),
    codec: machineRecordCodec,
    clock,
  });
  const { BERTH_ENCRYPT_PAYLOADS: isErased, BERTH_PAYLOAD_DAYS, BERTH_ARCHIVE_DAYS } = config;
  const days = Math.max(BERTH_PAYLOAD_DAYS, BERTH_ARCHIVE_DAYS);
  await ensureStream(connection, keyStreamConfig(region, days, replicas));
  const keys = new JetStreamKeyStore(connection, region);
  const requests = new JetStreamRequestQueue(connection, region, clock, logger, isErased);
  const outcomes = new JetStreamOutcomeStore(connection, region);
  const catalogue = await openCatalogue(connection, region, replicas, clock);
  const archive = await openArchive(connection, region, config, clock);
  const link = ConnectionWatch.of(connection);
  const onReconnect = (listener: () => void) => link.on('back', listener);
  const stores = { log, ...archive, fleets, machines, ...catalogue, requests, outcomes, keys };
  return { ...world, ...stores, onReconnect };
}

/**
 * All decisions rest on the log; if the log went back, this process ends, and a new one reads it
 * anew.
 */
function reportLogError(error: unknown, region: string, logger: Logger): void {
  const isOver = error instanceof LogWentBack;
  const message = isOver ? 'the log went back: this allocator ends' : 'an event was not applied';
  logger.fatal({ region, error: errorMessage(error) }, message);
  if (isOver) process.exit(1);
}

/** An existing archive stays as it is if no archive is to be kept any more. */
async function openArchive(
  connection: NatsConnection,
  region: string,
  { BERTH_ARCHIVE_DAYS: days, BERTH_REPLICAS: replicas }: AllocatorConfig,
  clock: Clock,
): Promise<{ readonly archive?: EventLog<SlotRecord> }> {
  if (days === 0) return {};
  await ensureStream(connection, archiveStreamConfig(region, days, replicas));
  const stream = archiveStreamName(region);
  const options = { stream, codec: slotRecordCodec, clock };
  return { archive: await JetStreamEventLog.open(connection, options) };
}

async function openCatalogue(
  connection: NatsConnection,
  region: string,
  replicas: number,
  clock: Clock,
): Promise<Pick<AllocatorPorts, 'configurations' | 'builds' | 'files'>> {
  await ensureStream(connection, configurationStreamConfig(region, replicas));
  const stream = configurationStreamName(region);
  const [configurations, builds, files] = await Promise.all([
    JetStreamEventLog.open<ConfigurationRecord>(connection, {
      stream,
      codec: configurationRecordCodec,
      clock,
    }),
    JetStreamEventLog.open<BuildRecord>(connection, { stream, codec: buildRecordCodec, clock }),
    JetStreamBuildFiles.open(connection, region, clock, replicas),
  ]);
  return { configurations, builds, files };
}

import { JetStreamBuildFiles } from '#build-files';
import {
  archiveStreamConfig,
  archiveStreamName,
  configurationStreamConfig,
  configurationStreamName,
  connectNats,
  ensureStream,
  fleetStreamConfig,
  fleetStreamName,
  JetStreamEventLog,
  JetStreamOutcomeStore,
  JetStreamRequestQueue,
  LogWentBack,
  NatsBus,
  outcomeStreamConfig,
  requestStreamConfig,
  slotStreamConfig,
  slotStreamName,
  type ServiceIdentity,
} from '#jetstream';
import { errorMessage, type EventLog } from '#kernel';
import { SystemRandom, SystemClock, version, type Logger } from '#service-runtime';
import {
  buildRecordCodec,
  configurationRecordCodec,
  fleetRecordCodec,
  slotRecordCodec,
  type BuildRecord,
  type ConfigurationRecord,
  type SlotRecord,
} from '#wire';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DynamicModule } from '@nestjs/common';
import { allocatorController } from './allocator.controller.js';
import { Allocator } from './allocator.js';
import type { AllocatorConfig } from './config.js';
import { AllocatorLifecycle } from './lifecycle.js';
import { catalogueController } from './catalogue.controller.js';
import type { AllocatorOptions } from './options.js';
import type { AllocatorPorts } from './ports.js';

export class AllocatorModule {
  /** Connects, sees to the streams of its regions, and wires one allocator for each. */
  static async of(
    config: AllocatorConfig,
    logger: Logger,
  ): Promise<{ module: DynamicModule; connection: NatsConnection; identity: ServiceIdentity }> {
    const clock = new SystemClock();
    const random = new SystemRandom();
    const id = random.id().slice(0, 8);
    const connection = await connectNats({
      servers: config.NATS_URL,
      name: `berth-allocator-${id}`,
    });
    const bus = new NatsBus(connection);
    const allocators = new Map<string, Allocator>();
    for (const region of config.BERTH_REGIONS) {
      const stream = slotStreamConfig(region, { replicas: config.BERTH_REPLICAS });
      await ensureStream(connection, stream);
      const log = await JetStreamEventLog.open(connection, {
        stream: slotStreamName(region),
        codec: slotRecordCodec,
        clock,
        onError: (error) => reportLogError(error, region, logger),
      });
      for (const streamOf of [requestStreamConfig, outcomeStreamConfig, fleetStreamConfig]) {
        await ensureStream(connection, streamOf(region, config.BERTH_REPLICAS));
      }
      const fleets = await JetStreamEventLog.open(connection, {
        stream: fleetStreamName(region),
        codec: fleetRecordCodec,
        clock,
      });
      const requests = new JetStreamRequestQueue(connection, region, clock, (reason) =>
        logger.warn({ region, reason }, 'published requests cannot be asked for'),
      );
      const outcomes = new JetStreamOutcomeStore(connection, region);
      const catalogue = await catalogueOf(connection, region, config.BERTH_REPLICAS, clock);
      const archive = await archiveOf(connection, region, config, clock);
      const ports = {
        log,
        ...archive,
        fleets,
        ...catalogue,
        bus,
        requests,
        outcomes,
        clock,
        random,
        logger,
      };
      allocators.set(region, new Allocator(id, region, ports, optionsOf(config)));
    }
    const module = {
      module: AllocatorModule,
      controllers: [
        allocatorController(allocators, logger),
        catalogueController(allocators, logger),
      ],
      providers: [
        {
          provide: AllocatorLifecycle,
          useValue: new AllocatorLifecycle([...allocators.values()], connection),
        },
      ],
    };
    const identity = {
      name: 'berth-allocator',
      id,
      version,
      description: 'Grants game servers, and takes them back.',
      metadata: { regions: config.BERTH_REGIONS.join(',') },
      startedAt: clock.now(),
    };
    return { module, connection, identity };
  }
}

/** Everything here was decided by what the log said: where that is void, a new process reads it anew. */
function reportLogError(error: unknown, region: string, logger: Logger): void {
  const isOver = error instanceof LogWentBack;
  const message = isOver ? 'the log went back: this allocator ends' : 'an event was not applied';
  logger.fatal({ region, error: errorMessage(error) }, message);
  if (isOver) process.exit(1);
}

/** One that is there stays as it is where none is to be kept any more. */
async function archiveOf(
  connection: NatsConnection,
  region: string,
  { BERTH_ARCHIVE_DAYS: days, BERTH_REPLICAS: replicas }: AllocatorConfig,
  clock: SystemClock,
): Promise<{ readonly archive?: EventLog<SlotRecord> }> {
  if (days === 0) return {};
  await ensureStream(connection, archiveStreamConfig(region, days, replicas));
  const stream = archiveStreamName(region);
  const options = { stream, codec: slotRecordCodec, clock };
  return { archive: await JetStreamEventLog.open(connection, options) };
}

async function catalogueOf(
  connection: NatsConnection,
  region: string,
  replicas: number,
  clock: SystemClock,
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

function optionsOf(config: AllocatorConfig): AllocatorOptions {
  return {
    rememberMs: config.BERTH_REMEMBER_HOURS * 3_600_000,
    archiveMs: config.BERTH_ARCHIVE_DAYS * 86_400_000,
    rememberedMax: config.BERTH_REMEMBERED_MAX,
    waitingMax: config.BERTH_WAITING_MAX,
  };
}

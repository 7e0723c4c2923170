import {
  connectNats,
  ensureStream,
  JetStreamEventLog,
  slotStreamConfig,
  slotStreamName,
} from '#jetstream';
import { messageOf } from '#kernel';
import { SystemChance, SystemClock, type Logger } from '#service';
import { slotFactCodec } from '#wire';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DynamicModule } from '@nestjs/common';
import { allocatorController } from './allocator.controller.js';
import { Allocator } from './allocator.js';
import type { AllocatorConfig } from './config.js';
import { AllocatorLifecycle } from './lifecycle.js';

export class AllocatorModule {
  /** Connects, sees to the streams of its regions, and wires one allocator for each. */
  static async of(
    config: AllocatorConfig,
    logger: Logger,
  ): Promise<{ module: DynamicModule; connection: NatsConnection }> {
    const clock = new SystemClock();
    const chance = new SystemChance();
    const id = chance.id().slice(0, 8);
    const connection = await connectNats({
      servers: config.NATS_URL,
      name: `berth-allocator-${id}`,
    });
    const allocators = new Map<string, Allocator>();
    for (const region of config.BERTH_REGIONS) {
      const stream = slotStreamConfig(region, { replicas: config.BERTH_REPLICAS });
      await ensureStream(connection, stream);
      const log = await JetStreamEventLog.open(connection, {
        stream: slotStreamName(region),
        codec: slotFactCodec,
        clock,
        onError: (error) => logger.fatal({ error: messageOf(error) }, 'an event was not applied'),
      });
      allocators.set(region, new Allocator(id, region, { log, clock, chance, logger }));
    }
    const module = {
      module: AllocatorModule,
      controllers: [allocatorController(allocators, logger)],
      providers: [
        {
          provide: AllocatorLifecycle,
          useValue: new AllocatorLifecycle([...allocators.values()], connection),
        },
      ],
    };
    return { module, connection };
  }
}

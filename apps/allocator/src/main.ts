import 'reflect-metadata';
import { createLogger, NestLog, runService } from '#service';
import { ALLOCATORS } from '#wire';
import { NestFactory } from '@nestjs/core';
import { Transport, type MicroserviceOptions } from '@nestjs/microservices';
import { AllocatorModule } from './allocator.module.js';
import { allocatorConfig } from './config.js';
import { jsonSerializer, rawDeserializer } from './raw-json.js';

await runService(async () => {
  const config = allocatorConfig(process.env);
  const logger = createLogger('allocator', config.LOG_LEVEL);
  const module = await AllocatorModule.of(config, logger);
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(module, {
    transport: Transport.NATS,
    logger: new NestLog(logger),
    abortOnError: false,
    options: {
      servers: config.NATS_URL.split(','),
      queue: ALLOCATORS,
      gracefulShutdown: true,
      gracePeriod: 500,
      maxReconnectAttempts: -1,
      deserializer: rawDeserializer,
      serializer: jsonSerializer,
    },
  });
  await app.listen();
  return { app, logger };
});

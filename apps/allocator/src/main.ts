import 'reflect-metadata';
import { createLogger, NestLog, runMain } from '#service-runtime';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { AllocatorModule } from './allocator.module.js';
import { allocatorConfig, allocatorSettings } from './config.js';
import { PlainNats } from './transport.js';

const usage = {
  name: 'allocator',
  purpose: 'gives requests their servers, and writes the log',
  settings: allocatorSettings.shape,
};

await runMain(usage, async () => {
  const config = allocatorConfig(process.env);
  const logger = createLogger('allocator', config.LOG_LEVEL);
  const { module, connection, identity } = await AllocatorModule.of(config, logger);
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(module, {
    strategy: new PlainNats(connection, identity),
    logger: new NestLog(logger),
    abortOnError: false,
  });
  await app.listen();
  return { app, logger };
});

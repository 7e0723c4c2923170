import 'reflect-metadata';
import { createLogger, NestLog, runService } from '#service-runtime';
import { NestFactory } from '@nestjs/core';
import { readRegistrarConfig } from './config.js';
import { RegistrarModule } from './registrar.module.js';

await runService(async () => {
  const config = readRegistrarConfig(process.env);
  const logger = createLogger('registrar', config.LOG_LEVEL);
  const app = await NestFactory.createApplicationContext(await RegistrarModule.of(config, logger), {
    logger: new NestLog(logger),
    abortOnError: false,
  });
  return { app, logger };
});

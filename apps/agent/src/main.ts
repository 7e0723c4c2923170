import 'reflect-metadata';
import { createLogger, NestLog, runService } from '#service';
import { NestFactory } from '@nestjs/core';
import { AgentModule } from './agent.module.js';
import { readAgentConfig } from './config.js';

await runService(async () => {
  const config = readAgentConfig(process.env);
  const logger = createLogger('agent', config.LOG_LEVEL);
  const app = await NestFactory.createApplicationContext(
    await AgentModule.of(config, logger, process.env),
    {
      logger: new NestLog(logger),
      abortOnError: false,
    },
  );
  return { app, logger };
});

import 'reflect-metadata';
import { createLogger, NestLog } from '#service-runtime';
import { NestFactory } from '@nestjs/core';
import { AgentModule } from './agent.module.js';
import { readAgentConfig } from './config.js';

/**
 * An agent in this process, for `runService`. Throws `ConfigInvalid` with all that is wrong.
 *
 * @param env its settings, and what games inherit beside those
 */
export async function startAgent(env: NodeJS.ProcessEnv) {
  const config = readAgentConfig(env);
  const logger = createLogger('agent', config.LOG_LEVEL);
  const app = await NestFactory.createApplicationContext(
    await AgentModule.of(config, logger, env),
    {
      logger: new NestLog(logger),
      abortOnError: false,
    },
  );
  return { app, logger };
}

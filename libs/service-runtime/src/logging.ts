import { errorMessage } from '#kernel';
import type { LoggerService } from '@nestjs/common';
import { createRequire } from 'node:module';
import { pino, type Logger } from 'pino';
import type { PinoPretty } from 'pino-pretty';

export type { Logger };

/** Loggers made from others, which keep a level of their own. */
const children = new Set<WeakRef<Logger>>();
const forgotten = new FinalizationRegistry<WeakRef<Logger>>((child) => children.delete(child));

const FOR_A_PERSON = {
  sync: true,
  singleLine: true,
  translateTime: 'SYS:HH:MM:ss.l',
  ignore: 'pid,hostname',
};

/** Writes to the standard output: lines for a person on a terminal, JSON elsewhere. */
export function createLogger(name: string, level: string): Logger {
  const options = {
    ...{ name, level },
    onChild(child: Logger) {
      const known = new WeakRef(child);
      children.add(known);
      forgotten.register(child, known);
    },
  };
  return process.stdout.isTTY ? pino(options, pretty()) : pino(options);
}

/** Loaded only on a terminal, so that nothing else waits for it. */
function pretty() {
  const require = createRequire(import.meta.url);
  const { PinoPretty: printer } = require('pino-pretty') as { PinoPretty: typeof PinoPretty };
  return printer(FOR_A_PERSON);
}

/**
 * With each SIGUSR2 the log changes between its level and `debug`, so that a service that runs can
 * be asked for more.
 */
export function switchLevelOnSignal(logger: Logger): void {
  const own = logger.level;
  process.on('SIGUSR2', () => {
    const level = logger.level === own ? 'debug' : own;
    logger.level = level;
    for (const child of children) {
      const known = child.deref();
      if (known !== undefined) known.level = level;
    }
    logger.warn({ level }, 'the level of the log is switched');
  });
}

/**
 * Passes Nest's messages to the service's log: start-up messages at debug, warnings and errors as
 * such.
 */
export class NestLog implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: unknown): void {
    this.logger.debug({ context }, text(message));
  }

  warn(message: unknown, context?: unknown): void {
    this.logger.warn({ context }, text(message));
  }

  error(message: unknown, stack?: unknown, context?: unknown): void {
    this.logger.error({ stack, context }, text(message));
  }
}

function text(message: unknown): string {
  return typeof message === 'object' && !(message instanceof Error)
    ? JSON.stringify(message)
    : errorMessage(message);
}

import { errorMessage } from '#kernel';
import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';

export type { Logger };

export function createLogger(name: string, level: string): Logger {
  return pino({ name, level });
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

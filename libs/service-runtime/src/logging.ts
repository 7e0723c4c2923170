import { errorMessage, printableLines } from '#kernel';
import type { LoggerService } from '@nestjs/common';
import { createRequire } from 'node:module';
import { pino, type DestinationStream, type Logger } from 'pino';
import type { PinoPretty } from 'pino-pretty';

export type { Logger };

/** All loggers of this process, the service's own first, with the level of its settings. */
const levels = new Map<WeakRef<Logger>, string>();
const forgotten = new FinalizationRegistry<WeakRef<Logger>>((known) => levels.delete(known));

const FOR_A_PERSON = {
  sync: true,
  singleLine: true,
  translateTime: 'SYS:HH:MM:ss.l',
  ignore: 'pid,hostname',
};

/** Writes to the standard output: lines for a person on a terminal, JSON elsewhere. */
export function createLogger(name: string, level: string): Logger {
  const options = { name, level, onChild: (child: Logger) => remember(child, level) };
  const logger = process.stdout.isTTY ? pino(options, pretty()) : pino(options);
  remember(logger, level);
  return logger;
}

/** A child whose lines have also what `more` says while each is written. */
export function childSaying(logger: Logger, bindings: object, more: () => object): Logger {
  return logger.child(bindings, { formatters: { log: (line) => ({ ...line, ...more() }) } });
}

function remember(logger: Logger, level: string): void {
  const known = new WeakRef(logger);
  levels.set(known, level);
  forgotten.register(logger, known);
}

/** Loaded only on a terminal, so that nothing else waits for it. */
function pretty(): DestinationStream {
  const require = createRequire(import.meta.url);
  const { PinoPretty: printer } = require('pino-pretty') as { PinoPretty: typeof PinoPretty };
  const stream = printer(FOR_A_PERSON);
  return { write: (line: string) => void stream.write(`${withoutControls(line)}\n`) };
}

/**
 * A line of the log whose control characters are shown on a terminal, and not obeyed, whoever wrote
 * them. Line ends and tabs stay.
 */
function withoutControls(line: string): string {
  return JSON.stringify(JSON.parse(line), (_, value: unknown) =>
    typeof value === 'string' ? printableLines(value) : value,
  );
}

/**
 * With each SIGUSR2 the log changes between its level and `debug`, so that a service that runs, or
 * waits for NATS, can be asked for more.
 */
export function switchLevelOnSignal(): void {
  let isMore = false;
  process.on('SIGUSR2', () => {
    isMore = !isMore;
    const loggers = [...levels].flatMap(([known, level]) => {
      const logger = known.deref();
      return logger === undefined ? [] : [{ logger, level: isMore ? 'debug' : level }];
    });
    for (const { logger, level } of loggers) logger.level = level;
    const [own] = loggers;
    own?.logger.warn({ level: own.level }, 'the level of the log is switched');
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

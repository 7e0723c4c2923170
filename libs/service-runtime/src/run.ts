import { errorMessage } from '#kernel';
import type { Logger } from './logging.js';
import { answerTo, type ServiceUsage } from './usage.js';

/** After this a service that was asked to stop is ended, whatever it still waits for. */
const SHUTDOWN_MS = 10_000;

/** Anything with a life that can be ended: a Nest application, for one. */
interface Closable {
  close(): Promise<unknown>;
}

/** What the output says, with the reason, while a service cannot start. */
export const WAITS = 'not started yet: it waits for NATS';

/** What a program does that is a service and nothing else: runs it, or says what it is. */
export async function runMain(
  usage: ServiceUsage,
  start: () => Promise<{ app: Closable; logger: Logger }>,
): Promise<void> {
  const said = answerTo(process.argv.slice(2), usage);
  if (said === null) return runService(start);
  (said.exitCode === 0 ? process.stdout : process.stderr).write(said.text);
  process.exitCode = said.exitCode;
}

/**
 * Runs a service until it is told to stop: by SIGTERM or SIGINT, or because the process that
 * started it (over IPC, as `berth dev` does) is gone.
 */
export async function runService(start: () => Promise<{ app: Closable; logger: Logger }>) {
  // A start may wait for NATS as long as it takes, and nobody would end it.
  const orphaned = () => process.exit(1);
  process.once('disconnect', orphaned);
  try {
    const { app, logger } = await start();
    process.off('disconnect', orphaned);
    stopOn(app, logger);
    process.send?.('ready');
  } catch (error) {
    console.error(`berth: ${errorMessage(error)}`);
    process.exit(1);
  }
}

/** Whether a process that started this one over IPC is gone. */
export function isOrphaned(): boolean {
  return process.connected === false;
}

function stopOn(app: Closable, logger: Logger): void {
  let stopping = false;
  const stop = (cause: string) => {
    if (stopping) return;
    stopping = true;
    logger.info({ cause }, 'stopping');
    setTimeout(() => {
      logger.error({ afterMs: SHUTDOWN_MS }, 'did not stop in time');
      process.exit(1);
    }, SHUTDOWN_MS).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ error: errorMessage(error) }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  process.once('disconnect', () => stop('the starting process is gone'));
}

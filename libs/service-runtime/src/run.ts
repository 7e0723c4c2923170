import { errorMessage, NotPermitted } from '#kernel';
import { switchLevelOnSignal, type Logger } from './logging.js';
import { answerTo, type ServiceUsage } from './usage.js';

/** How long (ms) a service may take to stop; then it is ended. */
const SHUTDOWN_MS = 10_000;

/** Anything that can be closed, such as a Nest application. */
interface Closable {
  close(): Promise<unknown>;
}

interface Started {
  readonly app: Closable;
  readonly logger: Logger;
  /** Closed after the app, so that its last spans are sent too. */
  readonly tracing: Closable;
}

/** Log message, with a reason, while a service cannot start. */
export const WAITS = 'not started yet: it waits for NATS';

/** The main function of a service: runs it, or prints its help or version. */
export async function runMain(usage: ServiceUsage, start: () => Promise<Started>): Promise<void> {
  const said = answerTo(process.argv.slice(2), usage);
  if (said === null) return runService(start);
  (said.exitCode === 0 ? process.stdout : process.stderr).write(said.text);
  process.exitCode = said.exitCode;
}

/**
 * Runs a service until it is told to stop: by SIGTERM or SIGINT, or because the process that
 * started it over IPC (as `berth dev` does) is gone.
 */
export async function runService(start: () => Promise<Started>) {
  // A start may wait for NATS without a time limit; if the starting process dies, it must end.
  const orphaned = () => process.exit(1);
  process.once('disconnect', orphaned);
  endPlainlyIfRefused();
  // Without a listener the signal would end a service that still waits.
  switchLevelOnSignal();
  try {
    const { app, logger, tracing } = await start();
    process.off('disconnect', orphaned);
    stopOn(app, logger, tracing);
    process.send?.('ready');
  } catch (error) {
    console.error(`berth: ${errorMessage(error)}`);
    process.exit(1);
  }
}

/**
 * Ends the process with one line and exit code 1 when a subscription turns out not to be permitted:
 * a service that cannot hear is of no use, and whatever restarts it retries. Any other error that
 * nothing catches ends the process as Node does by itself.
 */
function endPlainlyIfRefused(): void {
  process.once('uncaughtException', (error) => {
    console.error(error instanceof NotPermitted ? `berth: ${error.message}` : error);
    process.exit(1);
  });
}

/** Whether the process that started this one over IPC is gone. */
export function isOrphaned(): boolean {
  return process.connected === false;
}

function stopOn(app: Closable, logger: Logger, tracing: Closable): void {
  let stopping = false;
  const stop = (cause: string) => {
    if (stopping) return;
    stopping = true;
    logger.info({ cause }, 'stopping');
    setTimeout(() => {
      logger.error({ afterMs: SHUTDOWN_MS }, 'did not stop in time');
      process.exit(1);
    }, SHUTDOWN_MS).unref();
    closeAll(app, tracing).then(
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

async function closeAll(app: Closable, tracing: Closable): Promise<void> {
  try {
    await app.close();
  } finally {
    await tracing.close();
  }
}

import { connectWhenThere, loginEndsSoon } from '#jetstream';
import type { Clock } from '#kernel';
import type { Logger } from './logging.js';
import { natsAddressOf, type NatsSettings } from './nats-settings.js';
import { WAITS } from './run.js';

/**
 * Connects a service to NATS; if NATS is not reachable yet, waits for it without limit.
 *
 * @param name of the connection in the server's monitoring
 * @throws {LoginInvalid | CredentialsRefused | TlsRefused}
 */
export async function connectService(
  settings: NatsSettings,
  name: string,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
) {
  const onWarning = (text: string) => logger.warn(text);
  const onRefused = onceAMinute(clock, (text) => logger.error(text));
  const to = { ...natsAddressOf(settings), name, onWarning, onServer: onWarning, onRefused };
  const connection = await connectWhenThere(to, clock, (reason) => logger.warn({ reason }, WAITS));
  const ending = loginEndsSoon(connection, clock);
  if (ending !== null) logger.warn(ending);
  void endWhenGivenUp(connection, logger, () => process.exit(1));
  return connection;
}

/**
 * Calls `end` if the client gives up the connection: it never reconnects then, and whatever
 * restarts the service helps.
 */
export async function endWhenGivenUp(
  connection: { closed(): Promise<void | Error> },
  logger: Pick<Logger, 'fatal'>,
  end: () => void,
): Promise<void> {
  const error = await connection.closed();
  // A connection that the service itself has closed ends without an error.
  if (!(error instanceof Error)) return;
  logger.fatal({ reason: error.message }, 'the connection to NATS is given up: this service ends');
  end();
}

/** Pause (ms) before the same text is logged again. */
const AGAIN_MS = 60_000;
/** Number of texts that are remembered. */
const TEXTS_MAX = 1_000;

/** Logs the message of each error, the same one once a minute: an agent sends a beat each second. */
function onceAMinute(clock: Clock, log: (text: string) => void): (error: Error) => void {
  const loggedAt = new Map<string, number>();
  return ({ message }) => {
    const now = clock.now();
    if (now < (loggedAt.get(message) ?? -Infinity) + AGAIN_MS) return;
    if (loggedAt.size >= TEXTS_MAX) loggedAt.clear();
    loggedAt.set(message, now);
    log(message);
  };
}

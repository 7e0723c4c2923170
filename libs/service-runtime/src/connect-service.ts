import { connectWhenThere } from '#jetstream';
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
export function connectService(
  settings: NatsSettings,
  name: string,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
) {
  const onWarning = (text: string) => logger.warn(text);
  const to = { ...natsAddressOf(settings), name, onWarning };
  return connectWhenThere(to, clock, (reason) => logger.warn({ reason }, WAITS));
}

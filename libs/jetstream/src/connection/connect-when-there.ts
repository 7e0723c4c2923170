import { errorMessage, TransientError, type Clock } from '#kernel';
import { errors, type NatsConnection } from '@nats-io/transport-node';
import { connectNats, type ConnectNats } from './connect.js';

/** How long one try takes at most, and the pause before the next one (ms). */
const TRY_MS = 5_000;
const AGAIN_MS = 500;

/** NATS is reachable but refuses the credentials: waiting would not help. */
class CredentialsRefused extends Error {
  override readonly name = 'CredentialsRefused';
}

/**
 * Connects; if NATS is not reachable yet, waits for it without limit.
 *
 * @param onWait called with the reason for waiting, once for each reason
 * @throws {CredentialsRefused}
 */
export function connectWhenThere(
  to: ConnectNats,
  clock: Clock,
  onWait: (reason: string) => void,
): Promise<NatsConnection> {
  return whenThere(
    async () => {
      try {
        return await connectNats({ timeout: TRY_MS, ...to });
      } catch (error) {
        throw startFailureOf(error);
      }
    },
    clock,
    onWait,
  );
}

/**
 * Calls `act` again and again until it succeeds; any error but a `TransientError` is thrown.
 *
 * @param onWait called with the reason for waiting, once for each reason
 */
export async function whenThere<T>(
  act: () => Promise<T>,
  clock: Clock,
  onWait: (reason: string) => void,
): Promise<T> {
  let told: string | undefined;
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      if (error.message !== told) onWait(error.message);
      told = error.message;
    }
    await clock.sleep(AGAIN_MS);
  }
}

/**
 * An unknown host name is a plain `Error`. It is transient: under Docker a host has a name once it
 * runs.
 */
function startFailureOf(error: unknown): unknown {
  const { AuthorizationError, UserAuthenticationExpiredError } = errors;
  if (error instanceof AuthorizationError || error instanceof UserAuthenticationExpiredError) {
    const what = `NATS refuses the credentials of NATS_URL: ${errorMessage(error)}`;
    return new CredentialsRefused(what, { cause: error });
  }
  if (error instanceof errors.InvalidArgumentError || error instanceof URIError) return error;
  return new TransientError(`NATS is not there: ${errorMessage(error)}`, { cause: error });
}

import { CannotStore, TransientError, type Clock } from '#kernel';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats, type ConnectNats } from './connect.js';

/** How long one try takes at most, and the pause before the next one (ms). */
const TRY_MS = 5_000;
const AGAIN_MS = 500;

/**
 * Connects; if NATS is not reachable yet, waits for it without limit.
 *
 * @param onWait called with the reason for waiting, once for each reason
 * @throws {LoginInvalid | CredentialsRefused | TlsRefused}
 */
export function connectWhenThere(
  to: ConnectNats,
  clock: Clock,
  onWait: (reason: string) => void,
): Promise<NatsConnection> {
  const told = new Set<string>();
  const onWarning = (text: string) => {
    if (!told.has(text)) to.onWarning?.(text);
    told.add(text);
  };
  return whenThere(() => connectNats({ timeout: TRY_MS, ...to, onWarning }), clock, onWait);
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
      const reason = error instanceof CannotStore ? error.explained : error.message;
      if (reason !== told) onWait(reason);
      told = reason;
    }
    await clock.sleep(AGAIN_MS);
  }
}

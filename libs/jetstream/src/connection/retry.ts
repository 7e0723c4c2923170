import { NotPermitted, TransientError, type Clock } from '#kernel';

/** How long a stream may be silent (ms): three missed heartbeats. */
export const SILENCE_MS = 1_500;
/** Pause before a failed action is tried again (ms). */
export const RETRY_MS = 250;
/**
 * How long an error may last before it counts (ms): a cluster without a leader can briefly deny
 * that a stream exists, or report an old end.
 */
export const TOLERATED_MS = 5_000;

/**
 * Calls `act` until it succeeds or is not wanted any more. A `TransientError` is expected to pass;
 * any other error that lasts for 5 s is reported once.
 */
export async function keepTrying(
  act: () => Promise<void>,
  clock: Clock,
  isWanted: () => boolean,
  onError: (error: unknown) => void,
): Promise<void> {
  const tellAt = clock.now() + TOLERATED_MS;
  let told = false;
  while (isWanted()) {
    try {
      return await act();
    } catch (error) {
      const isDue = error instanceof NotPermitted || clock.now() >= tellAt;
      if (!(error instanceof TransientError) && !told && isDue) {
        told = true;
        onError(error);
      }
    }
    await clock.sleep(RETRY_MS);
  }
}

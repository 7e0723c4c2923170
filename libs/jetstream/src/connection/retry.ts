import { TransientError, type Clock } from '#kernel';

/** Three heartbeats missed. */
export const SILENCE_MS = 1_500;
/** Pause before what failed is tried again. */
export const RETRY_MS = 250;
/** A cluster without a leader can deny for a moment that a stream is there, or tell its old end. */
export const TOLERATED_MS = 5_000;

/**
 * Tries until it succeeds, or nobody wants it any more. The world's trouble is expected to end;
 * any other error that lasts is told once.
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
      if (!(error instanceof TransientError) && !told && clock.now() >= tellAt) {
        told = true;
        onError(error);
      }
    }
    await clock.sleep(RETRY_MS);
  }
}

const FIRST_MS = 500;
const MAX_MS = 30_000;

/** A process that has lived this long (ms) resets the count of failures. */
export const HEALTHY_MS = 60_000;

/**
 * How long to wait (ms) before a game that has failed this many times in a row is started again.
 */
export function backoffMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(FIRST_MS * 2 ** (failures - 1), MAX_MS);
}

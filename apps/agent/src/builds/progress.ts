import type { Clock } from '#kernel';
import type { Logger } from '#service-runtime';

/** Least time (ms) between two log lines about one fetch. */
const TELL_MS = 2_000;

/** Returns a function that counts arrived bytes and logs the progress of a build's fetch. */
export function progressOf(
  { build, bytes }: { readonly build: string; readonly bytes: number },
  clock: Clock,
  logger: Logger,
): (arrived: number) => void {
  let fetched = 0;
  let toldAt = clock.now();
  return (arrived) => {
    fetched += arrived;
    if (clock.now() < toldAt + TELL_MS) return;
    toldAt = clock.now();
    const percent = bytes === 0 ? 100 : Math.floor((100 * fetched) / bytes);
    logger.info({ build, fetched, bytes, percent }, 'fetching a build');
  };
}

import type { Clock } from '#kernel';
import type { Logger } from '#service-runtime';

/** How often a fetching tells of itself (ms). */
const TELL_MS = 2_000;

/** Tells the agent's log, now and then, how far the fetching of a build has come. */
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

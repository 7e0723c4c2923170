import { Worker } from 'node:worker_threads';

/** A log of fewer events is verified before a thread has started. */
export const THREADED_EVENTS = 20_000;

/**
 * Memory for what lives shortly (MB), of all threads of a kind together. With Node's own size, which
 * cannot be changed after the start, events outlive several collections, and a quarter of the time is
 * spent on those.
 */
const YOUNG_MB = 64;

/** Starts one of `count` threads of a kind. */
export function startThread(entry: URL, workerData: unknown, count = 1): Worker {
  const maxYoungGenerationSizeMb = Math.floor(YOUNG_MB / count);
  return new Worker(entry, { workerData, resourceLimits: { maxYoungGenerationSizeMb } });
}

import type { LoadParameters } from './load.js';
import type { Measurement } from './measure.js';
import { startWorker } from './worker.js';

/** Runs the load generator once; the signal ends it early. */
export async function measureOnce(
  load: LoadParameters,
  signal?: AbortSignal,
): Promise<Measurement> {
  const module = new URL('./load.js', import.meta.url);
  const worker = await startWorker<Measurement>(module, load, signal && { signal });
  await worker.stop();
  return worker.message;
}

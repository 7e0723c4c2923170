import { Worker } from 'node:worker_threads';
import type { RegionVerification, RunDeps } from './verify-here.js';
import type { Verified } from './verify.js';

/**
 * Memory for what lives shortly (MB). With Node's own size, which cannot be changed after the start,
 * events outlive several collections, and a quarter of the time is spent on those.
 */
const YOUNG_MB = 96;

/** What the thread says; it is told to stop by any message. */
export type Said =
  | { readonly kind: 'begun' | 'ended' }
  | { readonly kind: 'reached'; readonly done: number; readonly total: number }
  | { readonly kind: 'verified'; readonly verified: Verified };

/**
 * Verifies what is kept of a region in a thread with more memory for what lives shortly.
 *
 * @param entry the module that the thread runs
 */
export async function verifyInThread(
  options: RegionVerification,
  { signal, meter }: RunDeps,
  entry = new URL('./verify-thread.js', import.meta.url),
): Promise<Verified> {
  const thread = new Worker(entry, {
    workerData: options,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const stop = () => thread.postMessage('stop');
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    return await new Promise<Verified>((resolve, reject) => {
      thread.on('error', reject);
      thread.on('exit', () => reject(new Error('the thread that verifies has ended')));
      thread.on('message', (said: Said) => {
        if (said.kind === 'verified') resolve(said.verified);
        else if (said.kind === 'reached') meter.reach(said.done, said.total);
        else if (said.kind === 'begun') meter.begin();
        else meter.end();
      });
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await thread.terminate();
  }
}

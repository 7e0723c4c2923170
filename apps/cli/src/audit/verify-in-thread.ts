import { NotPermitted, TransientError } from '#kernel';
import { startThread } from './thread.js';
import type { RegionVerification, RunDeps } from './verify-here.js';
import type { Verified } from './verify.js';

/** What the thread says; it is told to stop by any message. */
export type Said =
  | { readonly kind: 'begun' | 'ended' }
  | { readonly kind: 'reached'; readonly done: number; readonly total: number }
  | { readonly kind: 'verified'; readonly verified: Verified }
  // Errors lose their class on the way, by which the exit code is chosen.
  | { readonly kind: 'away'; readonly message: string }
  | { readonly kind: 'forbidden'; readonly message: string; readonly subject: string };

/**
 * Verifies what is kept of a region in a thread with more memory for what lives shortly.
 *
 * @param entry the module that the thread runs
 * @throws {TransientError} JetStream does not answer
 * @throws {NotPermitted} it does not permit reading
 */
export async function verifyInThread(
  options: RegionVerification,
  { signal, meter }: RunDeps,
  entry = new URL('./verify-thread.js', import.meta.url),
): Promise<Verified> {
  const thread = startThread(entry, options);
  const stop = () => thread.postMessage('stop');
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    return await new Promise<Verified>((resolve, reject) => {
      thread.on('error', reject);
      thread.on('exit', () => reject(new Error('the thread that verifies has ended')));
      thread.on('message', (said: Said) => {
        if (said.kind === 'verified') resolve(said.verified);
        else if (said.kind === 'away') reject(new TransientError(said.message));
        else if (said.kind === 'forbidden') reject(new NotPermitted(said.message, said.subject));
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

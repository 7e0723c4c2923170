import { errorMessage, TransientError } from '#kernel';
import { parentPort, workerData } from 'node:worker_threads';
import { verifyHere, type RegionVerification } from './verify-here.js';
import type { Said } from './verify-in-thread.js';

const interrupted = new AbortController();
parentPort?.once('message', () => interrupted.abort());
const say = (said: Said) => parentPort?.postMessage(said);

try {
  const verified = await verifyHere(workerData as RegionVerification, {
    signal: interrupted.signal,
    meter: {
      begin: () => say({ kind: 'begun' }),
      reach: (done, total) => say({ kind: 'reached', done, total }),
      end: () => say({ kind: 'ended' }),
    },
  });
  say({ kind: 'verified', verified });
} catch (error) {
  if (!(error instanceof TransientError)) throw error;
  say({ kind: 'away', message: errorMessage(error) });
}

import { NotPermitted, TransientError } from '#kernel';
import { parentPort, workerData } from 'node:worker_threads';
import { verifyHere, type RegionVerification } from './verify-here.js';
import type { Said } from './verify-in-thread.js';

/** How often it is told how far it has come (ms): with each chunk, that took a tenth of the time. */
const TOLD_MS = 100;

let toldAt = -Infinity;
function tellReached(done: number, total: number): void {
  if (performance.now() - toldAt < TOLD_MS) return;
  toldAt = performance.now();
  say({ kind: 'reached', done, total });
}

const interrupted = new AbortController();
parentPort?.once('message', () => interrupted.abort());
const say = (said: Said) => parentPort?.postMessage(said);

try {
  const verified = await verifyHere(workerData as RegionVerification, {
    signal: interrupted.signal,
    meter: {
      begin: () => say({ kind: 'begun' }),
      reach: tellReached,
      end: () => say({ kind: 'ended' }),
    },
  });
  say({ kind: 'verified', verified });
} catch (error) {
  if (error instanceof TransientError) say({ kind: 'away', message: error.message });
  else if (error instanceof NotPermitted) {
    say({ kind: 'forbidden', message: error.message, subject: error.subject });
  } else throw error;
}

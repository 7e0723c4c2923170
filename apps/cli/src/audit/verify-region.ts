import { keptLog } from '#audit';
import { withRegion } from './region-log.js';
import { THREADED_EVENTS } from './thread.js';
import { verifyHere, type RegionVerification, type RunDeps } from './verify-here.js';
import { verifyInThread } from './verify-in-thread.js';
import type { Verified } from './verify.js';

/** Verifies all that is kept of a region, in a thread of its own if it is much. */
export async function verifyRegion(options: RegionVerification, deps: RunDeps): Promise<Verified> {
  const last = await withRegion(options, async ({ log, archive }) => {
    return (await keptLog(log, archive)).last;
  });
  const verify = last < THREADED_EVENTS ? verifyHere : verifyInThread;
  return verify(options, deps);
}

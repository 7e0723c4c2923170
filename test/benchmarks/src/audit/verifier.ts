/** Verifies a region as `berth audit verify` does, in a process that does nothing else. */
import type { RegionVerification } from '../../../../apps/cli/src/audit/verify-here.js';
import { verifyRegion } from '../../../../apps/cli/src/audit/verify-region.js';
import type { Verified } from '../../../../apps/cli/src/audit/verify.js';
import { runAsWorker } from '../worker.js';

const METER = { begin: () => undefined, reach: () => undefined, end: () => undefined };

export interface VerifierMessage extends Verified {
  /** The most memory that the process had, with all its threads (kB). */
  readonly peakKilobytes: number;
}

await runAsWorker(async (options: RegionVerification): Promise<VerifierMessage> => {
  const { signal } = new AbortController();
  const verified = await verifyRegion(options, { signal, meter: METER });
  return { ...verified, peakKilobytes: process.resourceUsage().maxRSS };
});

import { keptLog } from '#audit';
import type { EventMeter } from './event-meter.js';
import { readKept, writeKept } from './kept-file.js';
import { withRegion, type RegionOptions } from './region-log.js';
import { verifyKept, type Verified } from './verify.js';

/** What is typed; it crosses to another thread. */
export interface RegionVerification extends RegionOptions {
  /** The file that notes how far an earlier run has come. */
  readonly resume?: string;
}

export interface RunDeps {
  readonly signal: AbortSignal;
  readonly meter: EventMeter;
}

/** Verifies all that is kept of a region in this thread. */
export async function verifyHere(
  options: RegionVerification,
  { signal, meter }: RunDeps,
): Promise<Verified> {
  const { region, resume } = options;
  const earlier = resume === undefined ? undefined : await readKept(resume, region);
  return withRegion(options, async ({ log, archive }) => {
    const kept = await keptLog(log, archive);
    const save = resume === undefined ? undefined : writeKept(resume, region);
    return verifyKept(kept, { earlier, signal, save, meter });
  });
}

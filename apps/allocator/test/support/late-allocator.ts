import type { Append, Verdict } from '#kernel';
import { SeededRandom } from '#memory';
import type { SlotRecord } from '#wire';
import { LateLog } from './late-log.js';
import type { TestRegion } from './region.js';

/** Counts what one allocator appends. */
class CountedLog extends LateLog<SlotRecord> {
  appends = 0;

  override async append(append: Append<SlotRecord>): Promise<Verdict> {
    this.appends += 1;
    // Time passes, so that whoever appends again and again comes to the end of it.
    await new Promise((resolve) => setImmediate(resolve));
    return super.append(append);
  }
}

/** One more allocator, which hears of new events up to `byMs` late. */
export async function startLateAllocator(place: TestRegion, byMs: number) {
  const log = new CountedLog(place.log, place.clock, new SeededRandom(1), byMs);
  return { late: await place.startAllocator({ log }), log };
}

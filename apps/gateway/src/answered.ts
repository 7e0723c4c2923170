import { DeadlinePassed, NobodyListens, Unparsable } from '#kernel';
import { noAllocator, Problem } from './http/problems.js';

/**
 * Returns an allocator's answer, or throws a `Problem` that says why there is none.
 *
 * @param allocationId the allocation asked for: with its id the requester can safely ask again
 */
export async function answered<T>(
  asked: Promise<T>,
  region: string,
  allocationId?: string,
): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    const extras = allocationId === undefined ? {} : { allocationId };
    if (error instanceof NobodyListens) throw noAllocator(region, allocationId);
    if (error instanceof DeadlinePassed) {
      const how = allocationId === undefined ? '' : ' with the same allocationId';
      const detail = `no allocator answered in time; ask again${how}`;
      throw new Problem(504, 'timed-out', detail, extras);
    }
    if (error instanceof Unparsable) {
      const detail = `the allocator's answer could not be read: ${error.message}`;
      throw new Problem(502, 'bad-answer', detail, extras);
    }
    throw error;
  }
}

import { DeadlinePassed, NobodyListens, Unparsable } from '#kernel';
import { noAllocator, Problem } from './http/problems.js';

/**
 * An allocator's answer, or a `Problem` that says why there is none.
 *
 * @param allocationId of what was asked for: with it, asking again is not asking twice
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

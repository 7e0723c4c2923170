import { DeadlinePassed, NobodyListens, Unparsable } from '#kernel';
import { noAllocator, Problem } from './problems.js';

/** An allocator's answer, or a `Problem` that says why there is none. */
export async function answered<T>(asked: Promise<T>, region: string): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof NobodyListens) throw noAllocator(region);
    if (error instanceof DeadlinePassed) {
      throw new Problem(504, 'timed-out', 'no allocator answered in time; ask again');
    }
    if (error instanceof Unparsable) {
      const detail = `the allocator's answer could not be read: ${error.message}`;
      throw new Problem(502, 'bad-answer', detail);
    }
    throw error;
  }
}

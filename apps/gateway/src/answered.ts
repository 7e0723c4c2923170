import { DeadlinePassed, NobodyListens, NotPermitted, Unparsable } from '#kernel';
import { noAllocator, notPermitted, Problem } from './http/problems.js';

/** What is said if somebody who was asked over the bus gives no answer. */
interface Silence {
  /** Who was asked. */
  readonly who: string;
  readonly nobody: () => Problem;
  readonly late: () => Problem;
  readonly extras?: Problem['extras'];
}

/** Returns an answer, or throws a `Problem` that says why there is none. */
export async function answeredBy<T>(
  asked: Promise<T>,
  { who, nobody, late, extras }: Silence,
): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof NobodyListens) throw nobody();
    if (error instanceof DeadlinePassed) throw late();
    if (error instanceof NotPermitted) throw notPermitted(error);
    if (error instanceof Unparsable) {
      const detail = `the ${who}'s answer could not be read: ${error.message}`;
      throw new Problem(502, 'bad-answer', detail, extras);
    }
    throw error;
  }
}

/**
 * Returns an allocator's answer, or throws a `Problem` that says why there is none.
 *
 * @param allocationId the allocation asked for: with its id the requester can safely ask again
 */
export function answered<T>(asked: Promise<T>, region: string, allocationId?: string): Promise<T> {
  const extras = allocationId === undefined ? {} : { allocationId };
  const how = allocationId === undefined ? '' : ' with the same allocationId';
  return answeredBy(asked, {
    ...{ who: 'allocator', extras },
    nobody: () => noAllocator(region, allocationId),
    late: () => timedOut(`no allocator answered in time; ask again${how}`, extras),
  });
}

export function timedOut(detail: string, extras?: Problem['extras']): Problem {
  return new Problem(504, 'timed-out', detail, extras);
}

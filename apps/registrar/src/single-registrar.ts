import { DeadlinePassed, NobodyListens, TransientError, type Bus } from '#kernel';
import { endpoints } from '#wire';

/** A registrar that does not answer within this time (ms) counts as gone. */
const ANSWER_MS = 1_000;

/** A request that cannot be parsed: any answer shows that a registrar is there. */
const QUESTION = new Uint8Array();

/**
 * Throws `TransientError` if another registrar serves the region. Both would take every
 * registration, so that each server would be offered twice.
 */
export async function requireToBeAlone(region: string, bus: Bus): Promise<void> {
  try {
    await bus.request(endpoints.deregister.subject.of({ region }), QUESTION, ANSWER_MS);
  } catch (error) {
    if (error instanceof NobodyListens || error instanceof DeadlinePassed) return;
    throw error;
  }
  throw new TransientError(
    `another registrar serves region ${region}: stop it first, or serve another region`,
  );
}

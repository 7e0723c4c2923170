import { DeadlinePassed, NobodyListens, TransientError, type Bus } from '#kernel';
import { endpoints } from '#wire';

/** Whoever does not answer within this (ms) is taken for gone. */
const ANSWER_MS = 1_000;

/** Nothing that could be read: any answer tells that somebody is there. */
const QUESTION = new Uint8Array();

/**
 * Throws `TransientError` where another registrar serves the region: both would take every registration,
 * and each server would be offered twice.
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

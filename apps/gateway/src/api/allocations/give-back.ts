import type { Bus, Clock } from '#kernel';
import { ask } from '#rpc';
import { endpoints } from '#wire';
import { GATEWAY } from '../../auth/caller.js';

/** Number of tries, and the pause between them (ms): in all longer than an election takes. */
const TRIES_MAX = 10;
const AGAIN_MS = 2_000;

/** The reason that the slot's history shows. */
export const NOT_RECEIVED = 'nobody received the answer: the requester disconnected';

/**
 * Ends an allocation that its requester cannot ask for again, because it never learned the id.
 * Never throws: an allocation that could not be ended here ends by its idle limit.
 */
export async function giveBack(
  { bus, clock }: { readonly bus: Bus; readonly clock: Clock },
  region: string,
  allocationId: string,
): Promise<void> {
  const request = { region, allocationId, reason: NOT_RECEIVED, by: GATEWAY };
  for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
    const answer = await ask(bus, endpoints.deallocate, { region }, request).catch(() => null);
    if (answer?.status === 'deallocated' || answer?.code === 'unknown-allocation') return;
    if (tries < TRIES_MAX) await clock.sleep(AGAIN_MS);
  }
}

import type { Bus, Clock } from '#kernel';
import { ask } from '#rpc';
import { endpoints } from '#wire';
import { GATEWAY } from '../../auth/caller.js';

/** How often it is tried, and the pause between two tries (ms): together longer than an election. */
const TRIES_MAX = 10;
const AGAIN_MS = 2_000;

/** What the history of the slot says. */
export const NOT_RECEIVED = 'nobody received the answer: the requester hung up';

/**
 * Ends an allocation that its requester cannot ask for again, because it never learned the id. Never
 * throws: what could not be ended ends by its time to live.
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

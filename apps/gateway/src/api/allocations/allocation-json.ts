import { allocationOf, statusOf } from '#slot';
import { idFor } from '../../auth/caller.js';
import type { SlotEntry } from '../slots/slot-view.js';
import { grantJson, phaseOf } from '../slots/slot-json.js';

/**
 * An allocation, by its full id, as its slot shows it. Instants are epoch ms, as in the answer to the request. The
 * token is told only to the requester: to get it again, the requester repeats the request with the
 * same id.
 */
export function allocationJson(entry: SlotEntry, allocationId: string) {
  const { name, ref, state, sequence } = entry;
  const allocation = allocationOf(state);
  const { offer, lastEnd } = state.context;
  const end = lastEnd?.allocationId === allocationId ? lastEnd : null;
  const runs = allocation?.id === allocationId && statusOf(state) === 'allocated';
  return {
    allocationId: idFor(allocationId),
    status: runs ? phaseOf(state) : 'ended',
    slot: name,
    region: ref.region,
    fleet: offer?.fleet ?? null,
    ...(allocation?.id === allocationId && {
      address: offer?.address ?? null,
      ip: offer?.ip ?? null,
      ports: offer?.ports ?? {},
      addresses: offer?.addresses ?? {},
      ...grantJson(allocation),
    }),
    end: end && { ...end, allocationId: idFor(allocationId) },
    sequence,
  };
}

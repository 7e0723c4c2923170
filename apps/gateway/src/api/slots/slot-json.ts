import { statusOf, withheldUntil, type Allocation, type SlotState } from '#slot';
import { idFor } from '../../auth/caller.js';
import { loggedPayloadFor } from '../../auth/redaction.js';
import type { SlotEntry } from './slot-view.js';

/** A slot as the API shows it: what the log says, without the token. */
export function slotJson({ name, ref, sequence, state, unreadable }: SlotEntry) {
  const { offer, process, allocation, lastEnd, pending, agentLost, warmth } = state.context;
  const { failure, failedStarts } = state.context;
  return {
    id: name,
    ...ref,
    fleet: offer?.fleet ?? null,
    status: statusOf(state),
    phase: phaseOf(state),
    buildConfiguration: offer?.buildConfiguration ?? null,
    address: offer?.address ?? null,
    ip: offer?.ip ?? null,
    ports: offer?.ports ?? {},
    addresses: offer?.addresses ?? {},
    attributes: offer?.attributes ?? {},
    priority: offer?.priority ?? null,
    process,
    pending,
    agentLost,
    warmth,
    failure,
    failedStarts: failedStarts && { ...failedStarts, offeredAgainAt: withheldUntil(state) || null },
    allocation: allocation && grantJson(allocation),
    lastEnd,
    sequence,
    ...(unreadable !== null && { setAside: unreadable }),
  };
}

/** The phase of a slot within its status; null if the status has no phases. */
export function phaseOf({ value }: SlotState) {
  if (typeof value === 'string') return null;
  return 'available' in value ? value.available : value.allocated;
}

/** The fields of the grant that the caller may see: never its token. */
export function grantJson({ id, allocator: _, token: __, answer, ...grant }: Allocation) {
  const {
    tokenEncrypted: ___,
    attempt,
    buildConfiguration,
    payload,
    payloadKey,
    crashes,
    ...times
  } = grant;
  return {
    allocationId: idFor(id),
    attempt,
    buildConfiguration,
    requestPayload: loggedPayloadFor(payload, payloadKey, id),
    payload: loggedPayloadFor(answer, payloadKey, id),
    crashes,
    ...times,
  };
}

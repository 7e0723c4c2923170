import { whoAsked } from '#audit';
import type { LogItem, Recorded } from '#kernel';
import { statusOf, type Allocation } from '#slot';
import { slotName, slotOfSubject, type SlotRecord } from '#wire';
import type { Caller } from '../../auth/caller.js';
import { loggedPayloadFor } from '../../auth/redaction.js';
import { phaseOf } from '../slots/slot-json.js';

/** Fields of events whose content comes from the requester or the game server. */
const PAYLOADS = new Set(['payload', 'answer']);

/** Fields that are shown outside `data`, or not at all. */
const BESIDE = new Set(['token', 'tokenEncrypted', 'by', 'requestedBy', 'payloadKey']);

/** Fields that hold a whole allocation, its secrets among them. */
const ALLOCATIONS = new Set(['allocation']);

/** An event as the API shows it to `reader`: with the log's words, without the token. */
export function eventJson(item: LogItem<SlotRecord>, reader: Caller) {
  const { sequence } = item;
  const slot = slotName(slotOfSubject(item.subject));
  if (item.kind === 'unreadable') return { sequence, slot, type: 'SetAside', reason: item.reason };
  return { sequence, slot, ...recordedJson(item, reader) };
}

function recordedJson({ record }: Recorded<SlotRecord>, reader: Caller) {
  const { id, source, event, state } = record;
  const { type, at, ...data } = event;
  const by = whoAsked(event);
  const phase = phaseOf(state);
  return {
    type,
    at,
    source,
    ...(by !== undefined && { by }),
    id,
    data: withoutSecrets(data, state.context.allocation, reader),
    state: statusOf(state),
    ...(phase !== null && { phase }),
  };
}

/**
 * Removes the token, which admits players and belongs to the requester alone, and the name of the
 * requester, which is shown outside `data`. Payloads are shown only to readers who may ask for
 * sessions.
 */
function withoutSecrets(data: object, allocation: Allocation | null, reader: Caller): object {
  const { id = '', payloadKey } = allocation ?? {};
  return Object.fromEntries(
    Object.entries(data)
      .filter(([key]) => !BESIDE.has(key))
      .map(([key, value]: [string, unknown]) => {
        if (PAYLOADS.has(key)) return [key, loggedPayloadFor(value, payloadKey, id, reader)];
        const isAllocation = ALLOCATIONS.has(key) && typeof value === 'object' && value !== null;
        return [key, isAllocation ? withoutSecrets(value, allocation, reader) : value];
      }),
  );
}

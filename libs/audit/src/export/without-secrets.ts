import { JsonText } from '#json';
import type { StoredMessage } from '#kernel';
import type { Allocation, SlotEvent } from '#slot';
import { slotRecordCodec, type SlotRecord } from '#wire';

/** What stands where a token was. */
const LEFT_OUT = 'left-out';

interface Bare {
  readonly message: StoredMessage;
  readonly record: SlotRecord;
}

/**
 * The event as others may read it: without payloads, answers and tokens, in event and state alike, so
 * that one still follows from the other. It is written anew, with a checksum of its own.
 */
export function withoutSecrets(message: StoredMessage, record: SlotRecord): Bare {
  const { subject } = message;
  const { state } = record;
  const allocation = state.context.allocation && bare(state.context.allocation);
  const told: SlotRecord = {
    ...record,
    event: bareEvent(record.event),
    state: { ...state, context: { ...state.context, allocation } },
  };
  return { message: { ...message, body: slotRecordCodec.encode(subject, told) }, record: told };
}

function bareEvent(event: SlotEvent): SlotEvent {
  switch (event.type) {
    case 'AllocationRequested':
      return { ...event, payload: JsonText.null };
    case 'CallbackAcked': {
      const { tokenEncrypted: _, ...rest } = event;
      return { ...rest, answer: JsonText.null, token: LEFT_OUT };
    }
    case 'SessionRestored':
      return { ...event, allocation: bare(event.allocation) };
    default:
      return event;
  }
}

function bare({ tokenEncrypted: _, ...allocation }: Allocation): Allocation {
  const token = allocation.token === null ? null : LEFT_OUT;
  return { ...allocation, payload: JsonText.null, answer: JsonText.null, token };
}

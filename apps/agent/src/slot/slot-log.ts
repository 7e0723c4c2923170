import { childSaying, type Logger } from '#service-runtime';
import type { SlotRef } from '#slot';
import { slotName } from '#wire';
import { isOpen } from './session-record.js';
import type { SessionStore } from './session-store.js';

/** The log of one slot: each line has the slot's name, and its allocation's id while it has one. */
export function slotLog(logger: Logger, ref: SlotRef, session: SessionStore): Logger {
  return childSaying(logger, { slot: slotName(ref) }, () => {
    const { record } = session;
    return isOpen(record) ? { allocationId: record.allocationId } : {};
  });
}

import type { SlotEvent, SlotState } from '#slot';
import { cloudEventCodec, type EventRecord } from './cloud-event.js';
import { slotEvent, slotState } from './slot.schema.js';

/** One message of a region's log: what happened to a slot, and the state it led to. */
export type SlotRecord = EventRecord<SlotEvent, SlotState>;

export const slotRecordCodec = cloudEventCodec<SlotEvent, SlotState>(
  'berth.slot.',
  slotEvent,
  slotState,
);

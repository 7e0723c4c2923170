import type { SlotEvent, SlotState } from '#slot';
import { cloudEventCodec, type EventFact } from './cloud-event.js';
import { slotEvent, slotState } from './slot.schema.js';

/** One message of a region's log: what happened to a slot, and the state it led to. */
export type SlotFact = EventFact<SlotEvent, SlotState>;

export const slotFactCodec = cloudEventCodec<SlotEvent, SlotState>(
  'berth.slot.',
  slotEvent,
  slotState,
);

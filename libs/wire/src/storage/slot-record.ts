import {
  shortEvent,
  shortState,
  slotEvent,
  slotState,
  wholeEvent,
  wholeState,
  type SlotEvent,
  type SlotState,
} from '#slot';
import { cloudEventCodec } from './cloud-event.js';
import type { EventRecord } from './event-record.js';

/** One message of a region's log: what happened to a slot, and the state it led to. */
export type SlotRecord = EventRecord<SlotEvent, SlotState>;

export const slotRecordCodec = cloudEventCodec<SlotEvent, SlotState>(
  'berth.slot.',
  slotEvent,
  slotState,
  { shortEvent, shortState, wholeEvent, wholeState },
);

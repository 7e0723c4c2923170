export * from './allocation.schema.js';
export { decodeJson, encodeJson, parse } from './json.js';
export { slotFactCodec, type SlotFact } from './slot-fact.js';
export { slotEvent, slotReport, slotState, token } from './slot.schema.js';
export {
  ALLOCATORS,
  TOKEN,
  allocateSubject,
  deallocateSubject,
  liveSubject,
  reportSubject,
  slotName,
  slotNamed,
  slotOfReport,
  slotOfSubject,
  slotSubject,
  slotsSubject,
} from './subjects.js';

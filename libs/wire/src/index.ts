export * from './allocation.schema.js';
export { decodeJson, encodeJson, parse } from './json.js';
export { slotFactCodec, type SlotFact } from './slot-fact.js';
export { reportMessage, slotEvent, slotState, token, type ReportMessage } from './slot.schema.js';
export {
  ALLOCATORS,
  SUBJECTS,
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
  type SubjectUse,
} from './subjects.js';

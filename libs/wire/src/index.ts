export * from './allocation.schema.js';
export { BEAT_MS, beat, type Beat } from './beat.schema.js';
export * from './direction.schema.js';
export { decodeJson, encodeJson, parse } from './json.js';
export * from './published.schema.js';
export {
  OutcomeStore,
  QUEUE_PATIENCE_MS,
  RequestQueue,
  type QueuedRequest,
} from './request-queue.js';
export { slotFactCodec, type SlotFact } from './slot-fact.js';
export { reportMessage, slotEvent, slotState, token, type ReportMessage } from './slot.schema.js';
export {
  ALLOCATORS,
  SUBJECTS,
  TOKEN,
  agentNamed,
  agentName,
  agentOfBeat,
  allocateSubject,
  beatSubject,
  cancelSubject,
  deallocateSubject,
  directSubject,
  idToken,
  liveSubject,
  refusalSubject,
  reportSubject,
  requestSubject,
  resultSubject,
  setAsideSubject,
  slotName,
  slotNamed,
  slotOfReport,
  slotOfSubject,
  slotSubject,
  slotsSubject,
  type SubjectUse,
} from './subjects.js';

export * from './allocation.schema.js';
export { BEAT_MS, beat, type Beat } from './beat.schema.js';
export * from './direction.schema.js';
export { fleetFactCodec, type FleetFact } from './fleet-fact.js';
export {
  fleetView,
  fleetsAnswer,
  fleetsRequest,
  sizeAnswer,
  sizeBody,
  sizeRequest,
  unsizeQuery,
  type FleetView,
  type FleetsAnswer,
  type FleetsRequest,
  type SizeAnswer,
  type SizeBody,
  type SizeRequest,
} from './fleet.schema.js';
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
  fleetName,
  fleetNamed,
  fleetOfSubject,
  fleetSubject,
  fleetsSubject,
  idToken,
  liveSubject,
  listFleetsSubject,
  refusalSubject,
  reportSubject,
  requestSubject,
  resultSubject,
  setAsideSubject,
  sizeSubject,
  slotName,
  slotNamed,
  slotOfReport,
  slotOfSubject,
  slotSubject,
  slotsSubject,
  type FleetRef,
  type SubjectUse,
} from './subjects.js';

export * from './messages/allocation.schema.js';
export { BuildFiles, FileDamaged, FileMissing, type Progress } from './build-files.js';
export {
  MANIFEST_FILES_MAX,
  buildState,
  manifest,
  type Manifest,
  type ManifestFile,
} from './messages/build.schema.js';
export * from './subjects/build-subjects.js';
export {
  buildRecordCodec,
  configurationRecordCodec,
  type BuildRecord,
  type ConfigurationRecord,
} from './storage/configuration-record.js';
export * from './messages/configuration.messages.js';
export {
  buildConfigurationSchema,
  configurationState,
  type BuildConfigurationInput,
  type BuildConfigurationWanted,
} from './messages/configuration.schema.js';
export { BEAT_MS, beat, type Beat } from './messages/beat.schema.js';
export * from './messages/operations.schema.js';
export { fleetRecordCodec, type FleetRecord } from './storage/fleet-record.js';
export {
  configureFleetRequest,
  fleetConfigurationBody,
  fleetView,
  fleetsAnswer,
  fleetsRequest,
  sizeAnswer,
  sizeBody,
  sizeRequest,
  unsizeQuery,
  type ConfigureFleetRequest,
  type FleetConfigurationBody,
  type FleetView,
  type FleetsAnswer,
  type FleetsRequest,
  type SizeAnswer,
  type SizeBody,
  type SizeRequest,
} from './messages/fleet.schema.js';
export { type EventRecord } from './storage/cloud-event.js';
export { decodeJson, encodeJson, parse } from './json.js';
export { messagesOn, type MessageSchemas } from './messages.js';
export * from './messages/observation.schema.js';
export * from './messages/published.schema.js';
export { REFUSALS, type ErrorGuide } from './refusals.js';
export * from './messages/registration.schema.js';
export {
  OutcomeStore,
  QUEUE_PATIENCE_MS,
  RequestQueue,
  type QueuedRequest,
  type StoredOutcome,
} from './request-queue.js';
export { slotRecordCodec, type SlotRecord } from './storage/slot-record.js';
export {
  reportMessage,
  slotEvent,
  slotState,
  token,
  type ReportMessage,
} from './storage/slot.schema.js';
export { SUBJECTS, type SubjectUse } from './subjects/subject-uses.js';
export {
  ALLOCATORS,
  TOKEN,
  agentNamed,
  agentName,
  agentOfBeat,
  allocateSubject,
  askedSubject,
  beatSubject,
  cancelSubject,
  deallocateSubject,
  deregisterSubject,
  operateSubject,
  fleetName,
  fleetNamed,
  fleetOfSubject,
  fleetSubject,
  fleetsSubject,
  keepAliveSubject,
  liveSubject,
  listFleetsSubject,
  logsSubject,
  outputSubject,
  nameInRegion,
  namedInRegion,
  refusalSubject,
  registerSubject,
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
  usageSubject,
  type FleetRef,
} from './subjects/subjects.js';

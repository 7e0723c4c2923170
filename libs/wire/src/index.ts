export * from './allocation.schema.js';
export { BuildFiles, FileDamaged, FileMissing, type Progress } from './build-files.js';
export {
  MANIFEST_FILES_MAX,
  buildState,
  digest,
  manifest,
  type Manifest,
  type ManifestFile,
} from './build.schema.js';
export * from './build-subjects.js';
export {
  buildFactCodec,
  configurationFactCodec,
  type BuildFact,
  type ConfigurationFact,
} from './configuration-fact.js';
export * from './configuration.messages.js';
export {
  buildConfigurationSchema,
  configurationState,
  type BuildConfigurationInput,
  type BuildConfigurationWanted,
} from './configuration.schema.js';
export { BEAT_MS, beat, type Beat } from './beat.schema.js';
export * from './direction.schema.js';
export { fleetFactCodec, type FleetFact } from './fleet-fact.js';
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
} from './fleet.schema.js';
export { type EventFact } from './cloud-event.js';
export { decodeJson, encodeJson, parse } from './json.js';
export { messagesOn, type MessageSchemas } from './messages.js';
export * from './observation.schema.js';
export * from './published.schema.js';
export { REFUSALS, type ErrorGuide } from './refusals.js';
export * from './registration.schema.js';
export {
  OutcomeStore,
  QUEUE_PATIENCE_MS,
  RequestQueue,
  type QueuedRequest,
  type StoredOutcome,
} from './request-queue.js';
export { slotFactCodec, type SlotFact } from './slot-fact.js';
export { reportMessage, slotEvent, slotState, token, type ReportMessage } from './slot.schema.js';
export { SUBJECTS, type SubjectUse } from './subject-uses.js';
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
  directSubject,
  fleetName,
  fleetNamed,
  fleetOfSubject,
  fleetSubject,
  fleetsSubject,
  idToken,
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
} from './subjects.js';

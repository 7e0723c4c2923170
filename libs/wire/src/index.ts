export * from './messages/address.schema.js';
export * from './messages/refusal.schema.js';
export * from './messages/allocation.schema.js';
export * from './messages/audit.schema.js';
export { BuildFiles, FileDamaged, FileMissing, type Progress } from './build-files.js';
export { storedManifest } from './stored-manifest.js';
export {
  buildRecordCodec,
  configurationRecordCodec,
  type BuildRecord,
  type ConfigurationRecord,
} from './storage/configuration-record.js';
export * from './messages/configuration.messages.js';
export { BEAT_MS, beat, disk, type Beat, type Disk } from './messages/beat.schema.js';
export * from './messages/operations.schema.js';
export {
  askerIn,
  isAskedBy,
  signatureIn,
  signatureOf,
  type AskerFilter,
  type Signature,
} from './messages/signature.js';
export { fleetRecordCodec, type FleetRecord } from './storage/fleet-record.js';
export {
  configureFleetRequest,
  fleetConfigurationBody,
  FAILING_MAX,
  fleetView,
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
export { machineRecordCodec, type MachineRecord } from './storage/machine-record.js';
export {
  machineView,
  policyBody,
  removePolicyQuery,
  type MachinesAnswer,
  type MachinesRequest,
  type MachineView,
  type PolicyAnswer,
  type PolicyBody,
  type PolicyRequest,
} from './messages/machine.schema.js';
export { lastChange, type LastChange } from './messages/wanted.js';
export { type EventRecord } from './storage/event-record.js';
export { decodeJson, encodeJson, parse } from './json.js';
export { DATAVERSION, decodeSent } from './dataversion.js';
export * from './messages/installation.schema.js';
export * from './messages/observation.schema.js';
export { KeyStore } from './key-store.js';
export * from './messages/payload-keys.schema.js';
export * from './messages/published.schema.js';
export * from './messages/readiness.schema.js';
export {
  REFUSALS,
  REGISTRAR_REFUSALS,
  isShortage,
  refusalStatus,
  SHORTAGES,
  type ErrorGuide,
} from './refusals.js';
export { receivedRefusal, sentRefusal, sentRequest } from './older-readers.js';
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
  UNLOGGED_MAX,
  type ReportMessage,
  type UnloggedAnswer,
} from './messages/report.schema.js';
export { TOKEN, token } from '#kernel';
export { ALLOCATORS, type Asked, type Role, type Told } from './endpoints/endpoint.js';
export { allEndpoints, endpoints, regionOf } from './endpoints/endpoints.js';
export { SUBJECT_USES, type SubjectUse } from './endpoints/subject-uses.js';
export { matches } from './subjects/filter.js';
export { liveSubject, storedSubject } from './subjects/live.js';
export * from './subjects/names.js';
export { SERVICES } from './subjects/services.js';
export { SubjectTemplate, type Tokens } from './subjects/subject-template.js';
export * from './subjects/subjects.js';

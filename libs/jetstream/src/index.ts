/** The ports on NATS: the event log on JetStream, the bus on core NATS. */
export { archiveStreamConfig, archiveStreamName } from './archive-stream.js';
export { NatsBus } from './bus.js';
export { connectNats, type ConnectNats } from './connect.js';
export { configurationStreamConfig, configurationStreamName } from './configuration-stream.js';
export { JetStreamEventLog, type JetStreamEventLogOptions } from './event-log.js';
export { fleetStreamConfig, fleetStreamName } from './fleet-stream.js';
export { reach } from './failures.js';
export { LogWentBack } from './follow.js';
export {
  AnnouncedService,
  EndpointRecord,
  SERVICE_ERROR,
  type ServiceIdentity,
} from './service.js';
export {
  ensureStream,
  slotStreamConfig,
  slotStreamName,
  StreamDiffers,
  type SlotStreamConfig,
  type SlotStreamOptions,
} from './stream.js';
export { JetStreamOutcomeStore, JetStreamRequestQueue } from './request-queue.js';
export {
  outcomeStreamConfig,
  outcomeStreamName,
  requestStreamConfig,
  requestStreamName,
} from './request-streams.js';

/** The ports on NATS: the event log on JetStream, the bus on core NATS. */
export { archiveStreamConfig, archiveStreamName } from './streams/archive-stream.js';
export { reach } from './connection/failures.js';
export { NatsBus } from './connection/bus.js';
export { connectNats, type ConnectNats } from './connection/connect.js';
export {
  configurationStreamConfig,
  configurationStreamName,
} from './streams/configuration-stream.js';
export { JetStreamEventLog, type JetStreamEventLogOptions } from './log/event-log.js';
export { fleetStreamConfig, fleetStreamName } from './streams/fleet-stream.js';
export { LogWentBack } from './log/follow.js';
export {
  AnnouncedService,
  EndpointRecord,
  SERVICE_ERROR,
  type ServiceIdentity,
} from './connection/service.js';
export {
  ensureStream,
  slotStreamConfig,
  slotStreamName,
  StreamDiffers,
  type SlotStreamConfig,
  type SlotStreamOptions,
} from './streams/stream.js';
export { JetStreamOutcomeStore, JetStreamRequestQueue } from './queue/request-queue.js';
export {
  outcomeStreamConfig,
  outcomeStreamName,
  requestStreamConfig,
  requestStreamName,
} from './streams/request-streams.js';

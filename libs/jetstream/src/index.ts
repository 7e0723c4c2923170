/** The ports on NATS: the event log on JetStream, the bus on core NATS. */
export { archiveStreamConfig, archiveStreamName } from './streams/archive-stream.js';
export { reach } from './connection/failures.js';
export { ConnectionWatch } from './connection/connection-watch.js';
export { NatsBus } from './connection/bus.js';
export { connectNats, type NatsAddress } from './connection/connect.js';
export { CredentialsRefused, TlsRefused } from './connection/start-failure.js';
export type { NatsLogin } from './connection/login.js';
export { LoginInvalid } from './connection/secret-file.js';
export { connectWhenThere, whenThere } from './connection/connect-when-there.js';
export {
  configurationStreamConfig,
  configurationStreamName,
} from './streams/configuration-stream.js';
export { JetStreamEventLog } from './log/event-log.js';
export { fleetStreamConfig, fleetStreamName } from './streams/fleet-stream.js';
export { machineStreamConfig, machineStreamName } from './streams/machine-stream.js';
export { openRegionLog, type RegionLog } from './log/region-log.js';
export { StoredLog } from './log/stored-log.js';
export { LogWentBack } from './log/log-identity.js';
export { ensureStream, slotStreamConfig, slotStreamName } from './streams/stream.js';
export { streamViews } from './streams/stream-views.js';
export { deniedLately } from './connection/denied-lately.js';
export { loginEndsSoon, loginLeftMs } from './connection/login-left.js';
export { serverOf } from './connection/server-of.js';
export { JetStreamOutcomeStore } from './queue/outcome-store.js';
export { JetStreamRequestQueue } from './queue/request-queue.js';
export { JetStreamKeyStore } from './queue/key-store.js';
export { keyStreamConfig } from './streams/key-stream.js';
export { BYTES_MAX, outcomeStreamConfig, requestStreamConfig } from './streams/request-streams.js';

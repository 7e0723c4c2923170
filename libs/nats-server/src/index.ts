/** Finds, starts and ends the nats-server that `berth dev`, the tests and the benchmarks use. */
export { DataDirectoryInUse, NatsServerFailed, NatsServerNotFound, PortTaken } from './errors.js';
export { findNatsServer, type NatsServerBinary } from './find.js';
export { type NatsServerExit } from './launch.js';
export { startNatsServer, type NatsServer, type NatsServerOptions } from './server.js';
export { checkServerVersion, ServerTooOld, type ServerVersionCheck } from './version.js';

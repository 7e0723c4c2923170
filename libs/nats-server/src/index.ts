/** Finds, starts and ends the nats-server that `berth dev`, the tests and the benchmarks use. */
export { DataDirectoryInUse, NatsServerFailed, NatsServerNotFound, PortTaken } from './errors.js';
export { findNatsServer, type NatsServerBinary } from './find.js';
export { checkWeaknesses, ServerUnsafe } from './advisories.js';
export { askInfo } from './ready.js';
export { startNatsServer, type NatsServer, type NatsServerOptions } from './server.js';
export { checkServerVersion, ServerTooOld } from './version.js';

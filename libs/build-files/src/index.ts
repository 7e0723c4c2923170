/**
 * The port for build files of `#wire`, on NATS's object store: for agents, allocators and
 * operators.
 */
export { JetStreamBuildFiles } from './build-files.js';

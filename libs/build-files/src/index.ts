/** Builds' files in NATS's object store: the port of `#wire`, for agents, allocators and operators. */
export { JetStreamBuildFiles } from './build-files.js';

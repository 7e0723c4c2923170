/** Sends a process's traces to a receiver; in a lib of its own, as clients need nothing of it. */
export { startTracing, type Tracing } from './start-tracing.js';
export { traceService } from './trace-service.js';

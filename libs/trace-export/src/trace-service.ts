import { SystemClock, version, type Logger } from '#service-runtime';
import { startTracing, type Tracing } from './start-tracing.js';

interface TracingSettings {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
}

/**
 * Traces this process if its settings say so. To be called before anything that is to be traced.
 *
 * @param name such as `allocator`
 */
export function traceService(
  name: string,
  { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: TracingSettings,
  logger: Logger,
): Promise<Tracing> {
  return startTracing(`berth-${name}`, { endpoint, version, clock: new SystemClock(), logger });
}

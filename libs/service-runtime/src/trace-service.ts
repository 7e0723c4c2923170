import { startTracing, type Tracing } from '#tracing';
import type { commonSettings } from './config.js';
import type { Logger } from './logging.js';
import { SystemClock } from './system.js';
import { version } from './version.js';
import type { z } from 'zod';

type TracingSettings = Pick<
  z.output<z.ZodObject<typeof commonSettings>>,
  'OTEL_EXPORTER_OTLP_ENDPOINT'
>;

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

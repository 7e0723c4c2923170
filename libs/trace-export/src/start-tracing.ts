import { Condition, errorMessage, type Clock, type ConditionLog } from '#kernel';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';

/** How long (ms) one export may take; the spans of an export that fails are dropped. */
const EXPORT_MS = 5_000;

/** How long (ms) a service that stops waits for its last spans to be taken. */
const FLUSH_MS = 2_000;

/** Sends spans away until it is closed. */
export interface Tracing {
  /** Sends what is left, for 2 s at most. Never throws. */
  close(): Promise<void>;
}

interface TracingOptions {
  /** Base address of a receiver of OTLP over HTTP; nothing is traced without. */
  readonly endpoint: string | undefined;
  readonly version: string;
  readonly clock: Clock;
  readonly logger: ConditionLog;
}

/**
 * Registers OpenTelemetry's SDK in this process. Its modules are loaded only if there is an endpoint.
 * The SDK reads the other `OTEL_` variables itself: those of sampling, of headers, of the resource.
 *
 * @param service name of the service; OTEL_SERVICE_NAME takes its place
 */
export async function startTracing(
  service: string,
  { endpoint, version, clock, logger }: TracingOptions,
): Promise<Tracing> {
  if (endpoint === undefined) return { close: () => Promise.resolve() };
  const sdk = await import('@opentelemetry/sdk-trace-node');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { detectResources, envDetector, resourceFromAttributes } =
    await import('@opentelemetry/resources');
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const exporter = watched(new OTLPTraceExporter({ url, timeoutMillis: EXPORT_MS }), clock, logger);
  const named = resourceFromAttributes({ 'service.name': service, 'service.version': version });
  const provider = new sdk.NodeTracerProvider({
    resource: named.merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter, { exportTimeoutMillis: EXPORT_MS })],
  });
  provider.register();
  return { close: () => within(FLUSH_MS, clock, () => provider.shutdown()) };
}

/** Resolves when the work has ended in any way, or the time is over. */
function within(ms: number, clock: Clock, work: () => Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, resolve);
    const ended = () => {
      cancel();
      resolve();
    };
    work().then(ended, ended);
  });
}

/** A receiver that is away slows nothing; spans are dropped, which is logged once. */
function watched(exporter: SpanExporter, clock: Clock, logger: ConditionLog): SpanExporter {
  const lost = new Condition(logger, clock, {
    begins: 'traces are lost: their receiver does not take them',
    ends: 'traces are taken again',
  });
  return {
    export: (spans: ReadableSpan[], done) =>
      exporter.export(spans, (result) => {
        if (result.error === undefined) lost.pass();
        else lost.fail(errorMessage(result.error));
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}

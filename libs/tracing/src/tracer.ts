import { ProxyTracerProvider, trace, type Tracer } from '@opentelemetry/api';

/** Undefined where no SDK is registered, as in most installations: then nothing is traced. */
export function registeredTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  if (provider instanceof ProxyTracerProvider) return provider.getDelegateTracer('berth');
  return provider.getTracer('berth');
}

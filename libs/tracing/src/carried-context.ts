import type { Carried } from '#kernel';
import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { registeredTracer } from './tracer.js';

/** The context to send along; undefined where nothing is traced. */
export function carriedContext(): Carried | undefined {
  if (!isTraced()) return undefined;
  const { traceparent, tracestate } = injected();
  if (traceparent === undefined) return undefined;
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate };
}

/**
 * Runs something within the trace that a message or a record carries; apart from any trace where it
 * carries none, or one that cannot be read.
 */
export function continuing<T>(carried: Carried | undefined, run: () => T): T {
  if (registeredTracer() === undefined) return run();
  const from = carried === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, carried);
  return context.with(from, run);
}

/**
 * For what outlives the work that began it, such as a timer: otherwise a timer that is set again and
 * again would count as part of the first trace for ever.
 */
export function apart(run: () => void): () => void {
  if (!isTraced()) return run;
  return () => context.with(ROOT_CONTEXT, run);
}

/** Asks for the SDK first: that is the cheaper question, and mostly there is none. */
function isTraced(): boolean {
  return registeredTracer() !== undefined && trace.getActiveSpan() !== undefined;
}

function injected(): { readonly traceparent?: string; readonly tracestate?: string } {
  const carrier = {};
  propagation.inject(context.active(), carrier);
  return carrier;
}

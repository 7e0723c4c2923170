import {
  context,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Span,
} from '@opentelemetry/api';
import { errorMessage } from '#kernel';
import { registeredTracer } from './tracer.js';

const KINDS = {
  internal: SpanKind.INTERNAL,
  /** Asks another process, and waits for its answer. */
  client: SpanKind.CLIENT,
  server: SpanKind.SERVER,
  /** Sends what another process takes up later. */
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};
type SpanKindName = keyof typeof KINDS;

/** What a trace is found by: regions, ids, codes. Never payloads or tokens. */
export type Ids = Attributes;

interface SpanAbout<T> {
  readonly kind: SpanKindName;
  /** Called only where it is traced. */
  readonly ids: () => Ids;
  /** What came of it; called only where it is traced. */
  readonly outcome?: (result: Awaited<T>) => Ids;
}

/**
 * Runs something as a span of the active trace, or of a new one. The span ends with the result, or
 * when the promise of it is settled.
 */
export function spanned<T>(name: string, about: SpanAbout<T>, run: () => T): T {
  const tracer = registeredTracer();
  if (tracer === undefined) return run();
  return tracer.startActiveSpan(name, { kind: KINDS[about.kind] }, (span) => {
    if (!span.isRecording()) return run();
    span.setAttributes(about.ids());
    try {
      const result = run();
      if (result instanceof Promise) return settled(span, result, about) as T;
      return succeeded(span, result, about);
    } catch (error) {
      return failed(span, error);
    }
  });
}

/** A span whose end comes in another place than its beginning. */
export interface OpenSpan {
  /** Runs something within it. */
  with(run: () => void): void;
  /** @param name replaces the name, where it is known only at the end */
  end(outcome: Ids, options: { readonly name: string; readonly isFailed: boolean }): void;
}

/** Undefined where nothing is traced. To be called within the context of its parent. */
export function openSpan(name: string, kind: SpanKindName): OpenSpan | undefined {
  const span = registeredTracer()?.startSpan(name, { kind: KINDS[kind] });
  if (span === undefined) return undefined;
  const within = trace.setSpan(context.active(), span);
  return {
    with: (run) => context.with(within, run),
    end: (outcome, { name: known, isFailed }) => {
      span.updateName(known);
      span.setAttributes(outcome);
      if (isFailed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

async function settled<T>(span: Span, underWay: Promise<unknown>, about: SpanAbout<T>) {
  try {
    return succeeded(span, await underWay, about);
  } catch (error) {
    return failed(span, error);
  }
}

function succeeded<T, Result>(span: Span, result: Result, { outcome }: SpanAbout<T>): Result {
  if (outcome !== undefined) span.setAttributes(outcome(result as unknown as Awaited<T>));
  span.end();
  return result;
}

function failed(span: Span, error: unknown): never {
  span.setStatus({ code: SpanStatusCode.ERROR, message: errorMessage(error) });
  span.end();
  throw error;
}

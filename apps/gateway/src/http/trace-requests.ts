import type { Carried } from '#kernel';
import { continuing, openSpan, type OpenSpan } from '#tracing';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Pages, probes, and the streams of events, which last as long as somebody listens. */
const UNTRACED = /^\/($|dashboard|docs|healthz|readyz|v1\/events)/;

/** Makes each request a span, of the caller's trace if its headers name one. */
export function traceRequests(server: FastifyInstance): void {
  const spans = new WeakMap<FastifyRequest, OpenSpan>();

  server.addHook('onRequest', (request, _reply, next) => {
    const { method, headers, routeOptions } = request;
    if (!UNTRACED.test(routeOptions.url ?? '/')) {
      const span = continuing(carriedBy(headers), () => openSpan(method, 'server'));
      if (span !== undefined) spans.set(request, span);
    }
    next();
  });

  // Reading a body leaves the asynchronous context of the request, so the trace is set afterwards.
  server.addHook('preHandler', (request, _reply, next) => {
    const span = spans.get(request);
    if (span === undefined) next();
    else span.with(next);
  });

  server.addHook('onResponse', (request, { statusCode }, next) => {
    const { id, method, routeOptions } = request;
    const route = routeOptions.url ?? '';
    spans.get(request)?.end(
      {
        ...{ 'http.request.method': method, 'http.route': route },
        ...{ 'http.response.status_code': statusCode, 'berth.request_id': id },
      },
      { name: `${method} ${route}`, isFailed: statusCode >= 500 },
    );
    next();
  });
}

function carriedBy(headers: FastifyRequest['headers']): Carried | undefined {
  const { traceparent, tracestate } = headers;
  if (typeof traceparent !== 'string') return undefined;
  return typeof tracestate === 'string' ? { traceparent, tracestate } : { traceparent };
}

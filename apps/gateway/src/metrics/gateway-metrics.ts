import { Metrics } from '#metrics';
import type { FastifyInstance } from 'fastify';
import type { Readiness } from '../api/health/readiness.js';
import type { Connections } from '../edge/connections.js';
import type { EventStreams } from '../api/events/event-streams.js';

/** All metrics of a gateway. */
export function gatewayMetrics() {
  const metrics = new Metrics('gateway');
  const latency = metrics.latency(
    'berth_http_request_duration_seconds',
    'HTTP requests, until their answer; `route` as the API names it, empty if there is none',
    ['face', 'method', 'route', 'status'],
  );
  const streams = metrics.gauge(
    'berth_http_event_streams',
    'Clients that listen to the event streams',
    [],
  );
  const connections = metrics.gauge('berth_http_connections', 'Connections that are open', []);
  const refused = metrics.counter(
    'berth_http_refused_connections_total',
    'Connections that were closed at once, because their address or all of them had too many',
    [],
  );
  const ready = metrics.gauge(
    'berth_gateway_ready',
    '1 if requests for every region would be served now, 0 if not',
    [],
  );
  return {
    metrics,
    /** Measures every request from now on. */
    watchServer: (server: FastifyInstance, watched: Connections): void => {
      metrics.onScrape(() => {
        connections.set(watched.open);
        refused.reset();
        refused.inc(watched.refused);
      });
      server.addHook(
        'onResponse',
        ({ method, routeOptions }, { statusCode, elapsedTime }, next) => {
          const route = routeOptions.url ?? '';
          const at = { face: faceOf(route), method, route, status: statusCode };
          // The duration of an event stream shows how long a client stayed, and nothing about the
          // gateway.
          if (route !== EVENTS) latency.observe(at, elapsedTime / 1_000);
          next();
        },
      );
    },
    watch: (readiness: Readiness, events: EventStreams): void => {
      metrics.onScrape(async () => {
        streams.set(events.size);
        ready.set((await readiness.reasons()).length === 0 ? 1 : 0);
      });
    },
  };
}

const EVENTS = '/v1/events';

/** The API that a route belongs to: each vendor's clients are counted separately. */
function faceOf(route: string): string {
  if (MULTIPLAY.test(route)) return 'multiplay';
  return GAMEFABRIC.test(route) ? 'gamefabric' : 'native';
}

const MULTIPLAY = /\/projects\/|^\/v4\/|^\/auth\//;
const GAMEFABRIC = /^\/(allocate|servers)(\/|$)/;

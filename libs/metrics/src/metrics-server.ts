import { errorMessage } from '#kernel';
import type { Logger } from '#service-runtime';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.js';

/** How long (ms) a request may take to arrive; a scraper sends a few hundred bytes. */
const REQUEST_ARRIVAL_MS = 5_000;

/** The reasons why a service cannot do its work now; empty if it can. */
export type Health = () => readonly string[] | Promise<readonly string[]>;

export interface MetricsServer {
  /** The port that it listens on. */
  readonly port: number;
  close(): Promise<void>;
}

interface MetricsServerOptions {
  readonly host: string;
  /** Undefined for no server; 0 for any free port. */
  readonly port: number | undefined;
  readonly health: Health;
  readonly logger: Logger;
}

/** The port for metrics is taken, or cannot be listened on. */
class MetricsPortTaken extends Error {
  override readonly name = 'MetricsPortTaken';
}

/**
 * Serves `/metrics`, `/healthz` and `/readyz` on a port of their own, without a token: every
 * program that can reach the port may read them. Returns undefined if no port is set.
 *
 * @throws {MetricsPortTaken} if it cannot listen there
 */
export async function openMetricsServer(
  metrics: Metrics,
  { host, port, health, logger }: MetricsServerOptions,
): Promise<MetricsServer | undefined> {
  if (port === undefined) return undefined;
  metrics.measureNode();
  const server = createServer({ requestTimeout: REQUEST_ARRIVAL_MS }, (request, response) => {
    const path = request.url?.split('?')[0];
    answer(path, metrics, health, response).catch((error: unknown) => {
      logger.warn({ path, reason: errorMessage(error) }, 'metrics could not be read');
      send(response, 500, 'text/plain', 'metrics could not be read\n');
    });
  });
  await listen(server, host, port);
  server.unref();
  const listening = (server.address() as AddressInfo).port;
  logger.info({ host, port: listening }, 'metrics are served');
  return {
    port: listening,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const why = `metrics cannot be served on ${host}:${port}: ${errorMessage(cause)}`;
    throw new MetricsPortTaken(`${why}; set BERTH_METRICS_PORT to a free port`, { cause });
  }
}

async function answer(
  path: string | undefined,
  metrics: Metrics,
  health: Health,
  response: ServerResponse,
): Promise<void> {
  switch (path) {
    case '/metrics':
      return send(response, 200, metrics.contentType, await metrics.text());
    case '/healthz':
      return send(response, 200, 'application/json', '{"status":"ok"}\n');
    case '/readyz': {
      const reasons = await health();
      const said = reasons.length === 0 ? { status: 'ready' } : { status: 'not ready', reasons };
      const status = reasons.length === 0 ? 200 : 503;
      return send(response, status, 'application/json', `${JSON.stringify(said)}\n`);
    }
    default:
      return send(response, 404, 'text/plain', 'there is /metrics, /healthz and /readyz\n');
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' });
  response.end(body);
}

import { ensureStream, NatsBus, outcomeStreamConfig } from '#jetstream';
import { EndpointServer } from '#rpc';
import { createLogger, SystemClock } from '#service-runtime';
import { freePort } from '#testing';
import type { NatsConnection } from '@nats-io/transport-node';
import { serveAuditor } from '../../../../apps/auditor/src/auditor.endpoints.js';
import type { RegionIndex } from '../../../../apps/auditor/src/index/region-index.js';
import { startWorker } from '../worker.js';

const GATEWAY = new URL('../../../../apps/gateway/src/main.js', import.meta.url);

/** Asks a path of the API; throws where the answer is none. */
export type Get = (path: string) => Promise<unknown>;

/** Runs a gateway in a process of its own, and answers its questions from the index, for as long as `work` takes. */
export async function withGateway(
  { connection, url, index }: { connection: NatsConnection; url: string; index: RegionIndex },
  work: (get: Get) => Promise<void>,
): Promise<void> {
  const world = { clock: new SystemClock(), logger: createLogger('bench', 'silent') };
  const auditor = new EndpointServer(new NatsBus(connection), { ...world, underWayMax: 100 });
  serveAuditor(auditor, index);
  // Gateways ask it for refusals; it is an allocator that makes it.
  await ensureStream(connection, outcomeStreamConfig(index.region));
  const port = await freePort();
  const settings = { NATS_URL: url, BERTH_REGIONS: index.region, BERTH_OPEN: 'true' };
  const env = { ...settings, HTTP_PORT: String(port), LOG_LEVEL: 'error' };
  const gateway = await startWorker(GATEWAY, undefined, { env });
  try {
    await work(async (path) => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`);
      const body = await answer.text();
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${body}`);
      return JSON.parse(body) as unknown;
    });
  } finally {
    await gateway.stop();
    auditor.close();
  }
}

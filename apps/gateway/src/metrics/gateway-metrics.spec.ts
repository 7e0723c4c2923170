import { createLogger } from '#service-runtime';
import { describe, expect, it } from '@jest/globals';
import fastify from 'fastify';
import { Connections } from '../edge/connections.js';
import { gatewayMetrics } from './gateway-metrics.js';

describe("A gateway's metrics", () => {
  it('count what was answered by route and face, and the connections that were refused', async () => {
    const logger = createLogger('test', 'silent');
    const limits = { max: 9, ofAddressMax: 1, isProxy: () => false };
    const connections = new Connections(limits, logger);
    const server = fastify();
    connections.watch(server.server);
    const { metrics, watchServer } = gatewayMetrics();
    watchServer(server, connections);
    server.get('/v1/slots', () => ({ slots: [] }));
    const url = await server.listen({ port: 0, host: '127.0.0.1' });
    // The client keeps its connection open, and one that is opened meanwhile is one too many.
    await (await fetch(`${url}/v1/slots`, { keepalive: true })).text();
    const another = fetch(`${url}/v1/slots`, { headers: { connection: 'close' } });
    await another.then((answer) => answer.text()).catch(() => undefined);
    const text = await metrics.text();
    await server.close();
    expect(text).toMatch(
      /^berth_http_request_duration_seconds_count\{face="native",method="GET",route="\/v1\/slots",status="200"\} \d+$/m,
    );
    expect(text).toMatch(/^berth_http_refused_connections_total \d+$/m);
  });
});

import { MemoryBus, ManualClock } from '#memory';
import { EndpointServer } from '#rpc';
import { createLogger } from '#service-runtime';
import { encodeJson, endpoints } from '#wire';
import { describe, expect, it } from '@jest/globals';
import { countEndpoints } from './endpoint-metrics.js';
import { Metrics } from './metrics.js';

describe('Questions on the bus', () => {
  it('are counted by endpoint, and those that are refused beside', async () => {
    const clock = new ManualClock(0);
    const bus = new MemoryBus(clock);
    const server = new EndpointServer(bus, { clock, logger: createLogger('test', 'silent') });
    const metrics = new Metrics('auditor');
    server.serve(endpoints.indexState, { region: 'eu' }, () => Promise.reject(new Error('no')));
    countEndpoints(metrics)(server);
    const subject = endpoints.indexState.subject.of({ region: 'eu' });
    await bus.request(subject, encodeJson('not what is asked'), 1_000).catch(() => undefined);
    const text = await metrics.text();
    expect(text).toContain('berth_endpoint_requests_total{endpoint="audit"} 1\n');
    expect(text).toContain('berth_endpoint_errors_total{endpoint="audit"} 1\n');
  });
});

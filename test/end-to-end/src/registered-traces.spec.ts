import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './berth-dev.js';
import { Registry, SelfRegistered } from './registry.js';
import { TraceReceiver } from './trace-receiver.js';

const folder = mkdtempSync(join(tmpdir(), 'berth-registered-traces-'));
const ADDRESS = '192.0.2.7:7000';

let receiver: TraceReceiver;
let registry: Registry;
const game = new SelfRegistered();

beforeAll(async () => {
  receiver = await TraceReceiver.start(join(folder, 'traces.jsonl'));
  registry = new Registry({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
    OTEL_BSP_SCHEDULE_DELAY: '100',
  });
  await registry.start();
  await game.listen();
}, 60_000);

afterAll(async () => {
  game.close();
  await registry.dispose();
  receiver.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('The trace of an allocation of a registered server', () => {
  it('goes through gateway, allocator and registrar to the game', async () => {
    const callback = { token: 'secret', url: game.url };
    const server = { address: ADDRESS, region: 'local', priority: 0, callback };
    expect((await registry.ask('POST', '/servers', server)).status).toBeLessThan(300);
    const wish = { region: 'local', attributes: {}, payload: {} };
    await eventually(
      async () => (await registry.ask('POST', '/allocate', wish)).status < 300,
      20_000,
    );
    const [, traceId, callbackId] = game.heard[0]?.traceparent?.split('-') ?? [];
    const names = () =>
      receiver.spans
        .filter((span) => span.traceId === traceId)
        .map(({ service, name }) => `${service}: ${name}`);
    await eventually(() => names().includes('berth-gateway: POST /allocate'), 10_000);
    expect(names()).toEqual(
      expect.arrayContaining([
        'berth-gateway: ask allocate',
        'berth-allocator: claim',
        'berth-allocator: append',
        'berth-registrar: callback',
        'berth-allocator: hear report',
      ]),
    );
    const told = receiver.spans.find(({ spanId }) => spanId === callbackId);
    expect(told).toMatchObject({ name: 'callback', service: 'berth-registrar' });
    const claim = receiver.spans.find(({ spanId }) => spanId === told?.parentSpanId);
    expect(claim).toMatchObject({ name: 'append', service: 'berth-allocator', traceId });
  }, 60_000);
});

import { describe, expect, it } from '@jest/globals';
import { createLogger } from '#service-runtime';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { LabelValues } from './label-values.js';
import { openMetricsServer } from './metrics-server.js';
import { Metrics } from './metrics.js';

const logger = createLogger('test', 'silent');

describe('Values of a label', () => {
  it('keep their names up to a limit, and the rest is counted together', () => {
    const values = new LabelValues(2);
    expect(['a', 'b', 'c', 'a', 'd', 'b'].map((value) => values.of(value))).toEqual([
      ...['a', 'b', 'other', 'a', 'other', 'b'],
    ]);
  });
});

describe('Metrics', () => {
  it('are written in OpenMetrics, and read at the scrape', async () => {
    const metrics = new Metrics('harbour');
    const ships = metrics.gauge('berth_ships', 'Ships', ['quay']);
    metrics.counter('berth_arrivals_total', 'Arrivals', []).inc(3);
    let count = 1;
    metrics.onScrape(async () => ships.set({ quay: 'a"b\n' }, (count += 1)));
    await metrics.text();
    const text = await metrics.text();
    expect(text).toContain('# TYPE berth_arrivals counter\nberth_arrivals_total 3\n');
    expect(text).toContain('berth_ships{quay="a\\"b\\n"} 3\n');
    expect(text).toMatch(/berth_build_info\{service="harbour",version="\d[^"]*"\} 1\n/);
    expect(text.endsWith('# EOF\n')).toBe(true);
  });
});

describe('The metrics port', () => {
  const options = { host: '127.0.0.1', port: 0, health: () => [], logger };
  const get = (port: number | undefined, path: string) => fetch(`http://127.0.0.1:${port}${path}`);

  it('is closed if none is set', async () => {
    expect(await openMetricsServer(new Metrics('x'), { ...options, port: undefined })).toBe(
      undefined,
    );
  });

  it('says why the service cannot do its work', async () => {
    const health = () => ['eu: the log is still being read'];
    const server = await openMetricsServer(new Metrics('x'), { ...options, health });
    const ready = await get(server?.port, '/readyz');
    expect([ready.status, await ready.json()]).toEqual([
      ...[503, { status: 'not ready', reasons: ['eu: the log is still being read'] }],
    ]);
    expect((await get(server?.port, '/healthz')).status).toBe(200);
    await server?.close();
  });

  it('answers 500 if a value cannot be read, and keeps working', async () => {
    const metrics = new Metrics('x');
    let isBroken = true;
    metrics.onScrape(() => {
      if (isBroken) throw new Error('no figure');
    });
    const server = await openMetricsServer(metrics, options);
    expect((await get(server?.port, '/metrics')).status).toBe(500);
    isBroken = false;
    expect((await get(server?.port, '/metrics?x=1')).status).toBe(200);
    await server?.close();
  });

  it('reports that it is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(openMetricsServer(new Metrics('x'), { ...options, port })).rejects.toThrow(
      `metrics cannot be served on 127.0.0.1:${port}`,
    );
    other.close();
  });
});

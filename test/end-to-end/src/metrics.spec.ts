import { freePort } from '#testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { metricsOf } from '../../tidy/src/metrics-page.js';
import { BerthDev, eventually } from './berth-dev.js';

const SERVICES = ['allocator', 'gateway', 'registrar', 'agent', 'auditor'];

let berth: BerthDev;
let firstPort: number;

beforeAll(async () => {
  firstPort = await freePort();
  berth = new BerthDev({ ...process.env, BERTH_METRICS_PORT: String(firstPort) });
  await berth.start();
}, 40_000);

afterAll(() => berth.dispose());

const scrape = async (service: string, path = '/metrics') => {
  const url = `http://127.0.0.1:${firstPort + SERVICES.indexOf(service)}${path}`;
  const response = await fetch(url);
  return { response, text: await response.text() };
};

const allocate = (body: object) =>
  fetch(`${berth.api}/v1/allocations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ region: 'local', ...body }),
  });

/** The sum of the samples that have these labels. */
function valueOf(text: string, name: string, labels: Record<string, string> = {}): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const samples = text.split('\n').filter((line) => {
    return /^\w+/.exec(line)?.[0] === name && wanted.every((label) => line.includes(label));
  });
  return samples.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** Every metric of Berth's that a file in `deploy/` mentions. */
function namedIn(file: string): readonly string[] {
  const names = readFileSync(`deploy/${file}`, 'utf8').match(/\bberth_[a-z_]+\b/g) ?? [];
  return [...new Set(names.map((name) => name.replace(/_(bucket|sum|count)$/, '')))];
}

describe('The metrics of a running Berth', () => {
  it.each(SERVICES)('include every metric that the docs list for the %s', async (service) => {
    const { response, text } = await scrape(service);
    expect(response.headers.get('content-type')).toContain('application/openmetrics-text');
    expect(text.trimEnd().endsWith('# EOF')).toBe(true);
    const emitted = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name]) => name);
    const listed = metricsOf[service] ?? [];
    expect(listed.length).toBeGreaterThan(2);
    expect(listed.filter(({ name }) => !emitted.includes(name.replace(/_total$/, '')))).toEqual([]);
  });

  it.each(SERVICES)('show that the %s is up and ready', async (service) => {
    expect((await scrape(service, '/healthz')).response.status).toBe(200);
    const isReady = async () => (await scrape(service, '/readyz')).text === '{"status":"ready"}\n';
    // An agent is ready when its slots are registered, a moment after it has started.
    await eventually(isReady, 10_000);
    expect((await scrape(service, '/other')).response.status).toBe(404);
  });

  it('count an allocation, its end, and a refusal', async () => {
    const allocated = await allocate({ allocationId: 'counted' });
    expect(allocated.status).toBe(201);
    expect((await allocate({ fleet: 'nowhere' })).status).toBe(404);
    const { text } = await scrape('allocator');
    const answered = (outcome: string) =>
      valueOf(text, 'berth_allocation_duration_seconds_count', { outcome, region: 'local' });
    expect([answered('allocated'), answered('unknown-fleet')]).toEqual([1, 1]);
    expect(valueOf(text, 'berth_slots', { fleet: 'sample' })).toBe(2);
    expect(valueOf(text, 'berth_callbacks_total', { outcome: 'acked' })).toBe(1);
    expect(valueOf(text, 'berth_agents', { state: 'present' })).toBe(1);
    expect(valueOf(text, 'berth_allocator_ready')).toBe(1);

    const url = `${berth.api}/v1/allocations/counted?reason=over`;
    expect((await fetch(url, { method: 'DELETE' })).ok).toBe(true);
    await eventually(async () => {
      const after = (await scrape('allocator')).text;
      const ends = { end: 'DeallocationRequested', fleet: 'sample' };
      return valueOf(after, 'berth_sessions_ended_total', ends) === 1;
    }, 5_000);
    const gateway = (await scrape('gateway')).text;
    const route = { route: '/v1/allocations', method: 'POST', face: 'native', status: '201' };
    expect(valueOf(gateway, 'berth_http_request_duration_seconds_count', route)).toBe(1);
    const agent = (await scrape('agent')).text;
    expect(valueOf(agent, 'berth_agent_slots')).toBe(2);
    expect(valueOf(agent, 'berth_agent_game_starts_total', { outcome: 'started' })).toBeGreaterThan(
      1,
    );
  });

  it.each(readdirSync('deploy'))('include every metric that deploy/%s names', (file) => {
    const listed = Object.values(metricsOf).flat();
    const unknown = namedIn(file).filter((name) => !listed.some((metric) => metric.name === name));
    expect(unknown).toEqual([]);
  });
});

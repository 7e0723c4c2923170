import { freePort } from '#testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { metricsOf } from '../../tidy/src/metrics-page.js';
import { BerthDev, eventually } from './berth-dev.js';
import { Player } from './player.js';

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

const jsonOf = (body: object) => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const allocate = (body: object) =>
  fetch(`${berth.api}/v1/allocations`, {
    method: 'POST',
    ...jsonOf({ region: 'local', ...body }),
  });

/** The sum of the samples that have these labels. */
function valueOf(text: string, name: string, labels: Record<string, string> = {}): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const samples = text.split('\n').filter((line) => {
    return /^\w+/.exec(line)?.[0] === name && wanted.every((label) => line.includes(label));
  });
  return samples.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** Files that name metrics. */
const NAMING = [
  ...readdirSync('deploy').map((name) => `deploy/${name}`),
  ...readdirSync('docs').flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];

/** Every metric that a file mentions, of Berth's and of Node's. */
function namedIn(file: string): readonly string[] {
  const names = readFileSync(file, 'utf8').match(/\b(berth|nodejs|process)_[a-z0-9_]+\b/g) ?? [];
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
    // Games are asked now and then whether they are ready.
    await eventually(async () => {
      const { text: later } = await scrape('agent');
      const here = { region: 'local', fleet: 'sample' };
      return (valueOf(later, 'berth_agent_game_ready_seconds_count', here) ?? 0) > 0;
    }, 15_000);
  });

  it.each(SERVICES)('are scraped from the %s within 100 ms', async (service) => {
    const tookMs: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      const startedAt = performance.now();
      await scrape(service);
      tookMs.push(performance.now() - startedAt);
    }
    expect(Math.min(...tookMs)).toBeLessThan(100);
  });

  it('count players of games, by region and fleet', async () => {
    const { address } = (await (await allocate({})).json()) as { address: string };
    const player = await Player.join(address);
    const here = { region: 'local', fleet: 'sample' };
    await eventually(
      async () => valueOf((await scrape('agent')).text, 'berth_agent_players', here) > 0,
      20_000,
    );
    player.leave();
  });

  it('count registered servers, and what is refused to others', async () => {
    const registered = await fetch(`${berth.api}/servers`, {
      method: 'POST',
      ...jsonOf({ address: '192.0.2.7:7000', region: 'local', priority: 9 }),
    });
    expect(registered.ok).toBe(true);
    const path = '/servers/192.0.2.8:7000/keepalive';
    const kept = await fetch(`${berth.api}${path}`, { method: 'POST', ...jsonOf({}) });
    expect(kept.status).toBe(404);
    const { text } = await scrape('registrar');
    expect(valueOf(text, 'berth_endpoint_errors_total')).toBe(1);
    expect(valueOf(text, 'berth_registered_servers')).toBe(1);
    expect(valueOf(text, 'berth_endpoint_requests_total')).toBeGreaterThan(0);
    expect(valueOf(text, 'berth_endpoint_processing_seconds_total')).toBeGreaterThan(0);
  });

  it('count indexes that are built anew', async () => {
    const rebuilt = await fetch(`${berth.api}/v1/audit/index/local/rebuild`, { method: 'POST' });
    expect(rebuilt.ok).toBe(true);
    await eventually(
      async () => valueOf((await scrape('auditor')).text, 'berth_index_rebuilds_total') > 0,
      20_000,
    );
  });

  it.each(NAMING)('include every metric that %s names', async (file) => {
    const texts = await Promise.all(SERVICES.map(async (service) => (await scrape(service)).text));
    const emitted = texts.flatMap((text) => [...text.matchAll(/^# TYPE (\S+) /gm)]);
    const names = new Set(emitted.map(([, name]) => name));
    const unknown = namedIn(file).filter((name) => !names.has(name.replace(/_total$/, '')));
    expect(unknown).toEqual([]);
  });
});

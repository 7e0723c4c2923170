import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const promtool = spawnSync('promtool', ['--version']).status === 0;
const withPromtool = promtool ? it : it.skip;
/** It is in Debian's package prometheus. */
const without = promtool ? '' : ' (skipped: there is no promtool)';

/** The fields of a Grafana panel that must be right, or the panel stays empty. */
const panel = z.object({
  id: z.int(),
  type: z.enum(['row', 'stat', 'timeseries']),
  title: z.string().min(1),
  gridPos: z.object({ h: z.int(), w: z.int().max(24), x: z.int().max(23), y: z.int() }),
  targets: z.array(z.object({ refId: z.string(), expr: z.string().min(1) })).default([]),
});
const dashboard = z.object({
  title: z.literal('Berth'),
  schemaVersion: z.int(),
  templating: z.object({ list: z.array(z.object({ name: z.string() })) }),
  panels: z.array(panel),
});

const { panels, templating } = dashboard.parse(
  JSON.parse(readFileSync('deploy/grafana-dashboard.json', 'utf8')),
);
const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

/** The query with values in place of Grafana's variables. */
const inPlace = (query: string) =>
  query.replaceAll('$__rate_interval', '5m').replaceAll(/\$(region|fleet)/g, '.*');

describe('The configuration in deploy/', () => {
  withPromtool.each([
    ['check', 'rules', 'deploy/alerts.yml'],
    ['check', 'config', 'deploy/prometheus.yml'],
  ])(`is accepted by promtool %s %s %s${without}`, (...words) => {
    const { status, stderr } = spawnSync('promtool', words, { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.any(String) });
  });

  withPromtool(`has no query on its dashboard that Prometheus cannot read${without}`, () => {
    const rules = queries.map((query, n) => ({ record: `berth:q${n}`, expr: inPlace(query) }));
    const file = JSON.stringify({ groups: [{ name: 'dashboard', rules }] });
    const path = join(mkdtempSync(join(tmpdir(), 'berth-queries-')), 'queries.json');
    writeFileSync(path, file);
    const { status, stderr } = spawnSync('promtool', ['check', 'rules', path], {
      encoding: 'utf8',
    });
    rmSync(dirname(path), { recursive: true });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('has panels that do not overlap, each with a query of its own', () => {
    const places = panels.map(({ gridPos: { x, y } }) => `${x},${y}`);
    expect(new Set(places).size).toBe(panels.length);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const empty = panels.filter(({ type, targets }) => type !== 'row' && targets.length === 0);
    expect(empty).toEqual([]);
  });

  it('uses only variables that the dashboard defines', () => {
    const known = [...templating.list.map(({ name }) => name), '__rate_interval'];
    const named = queries.flatMap((query) =>
      [...query.matchAll(/\$(\w+)/g)].map(([, name]) => name),
    );
    expect(named.filter((name) => name !== undefined && !known.includes(name))).toEqual([]);
  });
});

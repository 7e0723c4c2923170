import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startNatsServer, type NatsServer } from '#nats-server';
import type { RunningTarget, Skipped, Target } from '../target.js';

/** Imports the built modules, since their processes are started from there. */
const built = (path: string) => pathToFileURL(resolve('dist/test/benchmarks/src', path)).href;
const { postgresTarget, redisTarget } = (await import(
  built('stores/targets.js')
)) as typeof import('./targets.js');
const { open } = (await import(built('stores/requester.js'))) as typeof import('./requester.js');

let folder: string;
let server: NatsServer;
const running: RunningTarget[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-stores-'));
  server = await startNatsServer({ dataDirectory: join(folder, 'nats'), syncAlways: false });
}, 30_000);

afterAll(async () => {
  await Promise.all(running.map((one) => one.stop()));
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

describe.each<[string, Target]>([
  ['postgres', postgresTarget],
  ['redis', redisTarget],
])('The comparison with %s', (_, target) => {
  let started: RunningTarget | Skipped;

  beforeAll(async () => {
    started = await target.start({ natsUrl: server.url, folder, syncAlways: true });
    if (!('skipped' in started)) running.push(started);
  }, 60_000);

  it('grants an id once, and many ids at a time; or says how to install the store', async () => {
    if ('skipped' in started) {
      expect(started.skipped).toMatch(/apt install/);
      return;
    }
    const requester = await open(started.address as Parameters<typeof open>[0]);
    const ids = Array.from({ length: 50 }, (__, index) => `${target.name}-${index}`);
    const granted = await Promise.all(ids.map((id) => requester.allocate(id)));
    expect(granted).toEqual(ids.map(() => true));
    expect(await requester.allocate(ids[0] ?? '')).toBe(false);
    await requester.close();
  }, 30_000);
});

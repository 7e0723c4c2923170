import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startNatsServer, type NatsServer } from '#nats-server';
import type { Measurement } from './measure.js';
import type { RunningTarget } from './target.js';

/** Imports the built modules, since their processes are started from there. */
const built = (path: string): Promise<unknown> =>
  import(pathToFileURL(resolve('dist/test/benchmarks/src', path)).href);
const { measureOnce } = (await built('run.js')) as typeof import('./run.js');
const { berthTarget } = (await built('berth/target.js')) as typeof import('./berth/target.js');

/** Enough for the allocator's subscription to be suspended during most of them. */
const COUNT = 1_500;

let folder: string;
let server: NatsServer;
let running: RunningTarget;
let measured: Measurement;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-guard-'));
  server = await startNatsServer({ dataDirectory: folder, syncAlways: false, monitorPort: -1 });
  const surroundings = { natsUrl: server.url, folder, syncAlways: false };
  running = (await berthTarget.start(surroundings)) as RunningTarget;
  measured = await measureOnce({
    requesterUrl: pathToFileURL(resolve('dist/test/benchmarks/src/berth/requester.js')).href,
    address: running.address,
    load: { kind: 'in flight', amount: 8, warmUp: 50, count: COUNT },
    processes: running.processes,
    monitorUrl: server.monitorUrl ?? '',
  });
}, 60_000);

afterAll(async () => {
  await running.stop();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/*
 * What an allocation and its session move and store does not depend on the machine. Beats and polls
 * of the log add a little.
 */
describe('One allocation and its session', () => {
  it('succeed every time', () => {
    expect(measured).toMatchObject({ count: COUNT, errors: 0 });
  });

  it('take three appends, which the archive stores again', () => {
    expect(measured.traffic.stored).toBeCloseTo(6, 1);
  });

  it('take a request and its answer, two reports and three appends into nats-server', () => {
    expect(measured.traffic.messagesIn).toBeGreaterThanOrEqual(7);
    expect(measured.traffic.messagesIn).toBeLessThan(7.5);
  });

  /* A copy for the agent; one for the allocator only while its subscription is not suspended. */
  it('take the same, three acknowledgements and one copy of each event out of nats-server', () => {
    expect(measured.traffic.messagesOut).toBeGreaterThanOrEqual(10);
    expect(measured.traffic.messagesOut).toBeLessThan(12.5);
  });

  it('take no more bytes than before', () => {
    expect(measured.traffic.bytesIn).toBeLessThan(5_600);
    expect(measured.traffic.bytesOut).toBeLessThan(10_000);
  });
});

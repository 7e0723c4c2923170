import { startNatsServer, type NatsServer } from '#nats-server';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectNats } from '../connection/connect.js';
import { fleetStreamConfig } from './fleet-stream.js';
import { streamViews } from './stream-views.js';
import { ensureStream } from './stream.js';

let folder: string;
let server: NatsServer;
let connection: NatsConnection;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-views-'));
  server = await startNatsServer({ dataDirectory: folder, syncAlways: false });
  connection = await connectNats({ servers: server.url, name: 'views' });
});

afterAll(async () => {
  await connection?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

it('The streams of a region are shown, and those that it lacks are named', async () => {
  await ensureStream(connection, fleetStreamConfig('eu', 1));
  const { streams, missing } = await streamViews(connection, 'eu', true);
  expect(streams).toMatchObject([{ name: 'FLEETS_eu', messages: 0, replicas: [] }]);
  expect(missing).toContain('SLOTS_eu');
  expect(missing).not.toContain('FLEETS_eu');
  expect([missing.length, (await streamViews(connection, 'eu', false)).missing.length]).toEqual([
    ...[8, 7],
  ]);
});

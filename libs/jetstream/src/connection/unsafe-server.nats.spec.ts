import { startNatsServer, type NatsServer } from '#nats-server';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectNats } from './connect.js';

/** The version that npm carries. */
const WEAK = '2.11.6';

const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal);

describe('A nats-server with known weaknesses', () => {
  let folder: string;
  let server: NatsServer;
  const told: string[] = [];
  const connect = (host: string) =>
    connectNats({
      servers: server.url.replace('127.0.0.1', host),
      name: 'a-service',
      reconnect: false,
      onServer: (text) => void told.push(text),
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berth-unsafe-'));
    server = await startNatsServer({ dataDirectory: folder, host: '0.0.0.0' });
  });

  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is used on loopback, and the service is told which', async () => {
    await (await connect('127.0.0.1')).close();
    if (server.version !== WEAK) return expect(told).toEqual([]);
    expect(told).toEqual([expect.stringMatching(/CVE-2026-33249.* it is reached on loopback$/)]);
  });

  const there = outside === undefined ? it.skip : it;
  there('is refused over a network, if this machine has an address in one', async () => {
    const connecting = connect(outside?.address ?? '');
    if (server.version !== WEAK) return (await connecting).close();
    await expect(connecting).rejects.toMatchObject({
      name: 'ServerUnsafe',
      message: expect.stringContaining('CVE-2026-33249'),
    });
  });
});

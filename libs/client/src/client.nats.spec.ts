import { NatsBus, connectNats } from '#jetstream';
import { startNatsServer, type NatsServer } from '#nats-server';
import { endpoints, ALLOCATORS, decodeJson, encodeJson } from '#wire';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { AllocatorAbsent, BerthClient } from './index.js';

const asked = z.object({ allocationId: z.string(), timeoutMs: z.number() });

let directory: string;
let server: NatsServer;
let allocator: NatsConnection;
let client: BerthClient;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'berth-client-'));
  server = await startNatsServer({ dataDirectory: directory });
  allocator = await connectNats({ servers: server.url, name: 'allocator' });
  client = await BerthClient.connect({ servers: server.url });
});
afterAll(async () => {
  await client.close();
  await allocator.close();
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Starts to answer for a region; resolves when the server knows the subscription. */
async function serve(region: string): Promise<void> {
  const bus = new NatsBus(allocator);
  bus.subscribe(
    endpoints.allocate.subject.of({ region }),
    (message) => {
      const { allocationId } = decodeJson(asked, message.body);
      message.respond(encodeJson({ ...granted, region, allocationId }));
    },
    { queue: ALLOCATORS },
  );
  await allocator.flush();
}

const granted = {
  status: 'allocated',
  slot: 'eu.a.1',
  fleet: 'harbour',
  buildConfiguration: 'harbour-1',
  address: '192.0.2.1:7777',
  ip: '192.0.2.1',
  ports: { game: 7777 },
  token: 'secret',
  payload: null,
  allocatedAt: 1_767_225_600_000,
};

describe('the client on NATS', () => {
  it('gets a server', async () => {
    await serve('eu');
    const allocation = await client.allocate({ region: 'eu', allocationId: 'match-1' });
    expect(allocation).toMatchObject({ allocationId: 'match-1', address: '192.0.2.1:7777' });
  });

  it('waits for an allocator that is not running yet', async () => {
    const waiting = client.allocate({ region: 'late', allocationId: 'match-2' });
    await serve('late');
    await expect(waiting).resolves.toMatchObject({ region: 'late', allocationId: 'match-2' });
  });

  it('says so if no allocator comes in time', async () => {
    const absent = client.allocate({ region: 'mars', timeoutMs: 200 });
    await expect(absent).rejects.toThrow(AllocatorAbsent);
  });

  it('does not connect if there is no server', async () => {
    await expect(BerthClient.connect({ servers: 'nats://127.0.0.1:1' })).rejects.toThrow();
  });
});

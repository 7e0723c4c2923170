import { connectNats } from '#jetstream';
import { startNatsServer, type NatsServer } from '#nats-server';
import { createLogger } from '#service-runtime';
import { encodeJson, streamsAnswer } from '#wire';
import { Svcm } from '@nats-io/services';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allocatorConfig } from './config.js';
import { openAllocators } from './start-allocator.js';

const NAME = 'berth-allocator';

let folder: string;
let server: NatsServer;
let app: { close(): Promise<void> };
let client: NatsConnection;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-services-'));
  server = await startNatsServer({ dataDirectory: folder });
  const logger = createLogger('allocator', 'silent');
  const config = allocatorConfig({ NATS_URL: server.url, BERTH_REGIONS: 'local' });
  app = await openAllocators(config, logger);
  client = await connectNats({ servers: server.url, name: 'looks' });
});
afterAll(async () => {
  await client.close();
  await app.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function all<T>(found: Promise<AsyncIterable<T>>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of await found) items.push(item);
  return items;
}

const look = () => new Svcm(client).client({ strategy: 'count', maxMessages: 1, maxWait: 5_000 });
const ask = (subject: string, body: object) =>
  client.request(subject, encodeJson(body), { timeout: 5_000 });

describe('The allocator, to a client of the NATS services protocol', () => {
  it('is found by any of its names', async () => {
    const [found] = await all(look().ping());
    expect(found).toMatchObject({
      type: 'io.nats.micro.v1.ping_response',
      name: NAME,
      id: expect.stringMatching(/^[0-9a-f]{8}$/),
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      metadata: { regions: 'local' },
    });
    expect(await all(look().ping(NAME))).toEqual([found]);
    expect(await all(look().ping(NAME, found?.id))).toEqual([found]);
  });

  it('lists its endpoints', async () => {
    const [info] = await all(look().info(NAME));
    expect(info?.endpoints).toEqual(
      expect.arrayContaining(
        ['allocate', 'deallocate', 'direct', 'size'].map((name) =>
          expect.objectContaining({ name, subject: `${name}.local`, queue_group: 'allocators' }),
        ),
      ),
    );
  });

  it('counts requests, refusals and their time', async () => {
    const since = await statsOf('allocate');
    const answer = await ask('allocate.local', { payload: null });
    expect(answer.json()).toMatchObject({ status: 'refused', code: 'none-available' });
    expect(answer.headers?.get('Nats-Service-Error')).toMatch(/^none-available: /);
    expect(answer.headers?.get('Nats-Service-Error-Code')).toBe('503');
    const wrong = await ask('allocate.local', { regoin: 'é\r\nx: y' });
    expect(wrong.headers?.get('Nats-Service-Error-Code')).toBe('400');
    const now = await statsOf('allocate');
    expect(now.num_requests - since.num_requests).toBe(2);
    expect(now.num_errors - since.num_errors).toBe(2);
    expect(now.last_error).toMatch(/^invalid: /);
    expect(now.average_processing_time).toBeGreaterThan(0);
    expect(now.processing_time).toBeGreaterThanOrEqual(now.average_processing_time);
  });

  it('does not count a success as an error', async () => {
    const answer = await ask('fleets.local', { region: 'local' });
    expect(answer.json()).toMatchObject({ status: 'fleets' });
    expect(answer.headers).toBeUndefined();
    expect(await statsOf('fleets')).toMatchObject({ num_requests: 1, num_errors: 0 });
  });

  it('says every two seconds that it is there, and with which nats-server', async () => {
    const subscription = client.subscribe('alive.local.allocator.*', { max: 1 });
    for await (const message of subscription) {
      expect(message.json()).toMatchObject({
        ...{ version: expect.any(String), notReadyBecause: null, waiting: 0 },
        server: { name: client.info?.server_name, version: client.info?.version },
      });
    }
  });

  it('tells how large the streams of its region are, and on which servers', async () => {
    const answer = streamsAnswer.parse((await ask('streams.local', {})).json());
    const streams = answer.status === 'streams' ? answer.streams : [];
    expect(streams.map(({ name }) => name)).toEqual([
      ...['SLOTS_local', 'ARCHIVE_local', 'FLEETS_local', 'MACHINES_local'],
      ...['CONFIGURATIONS_local', 'REQUESTS_local', 'OUTCOMES_local'],
      ...['KEYS_local', 'OBJ_builds_local'],
    ]);
    for (const { leader, replicas } of streams) {
      expect({ leader, replicas }).toEqual({ leader: client.info?.server_name, replicas: [] });
    }
  });

  async function statsOf(name: string) {
    const [stats] = await all(look().stats(NAME));
    const endpoint = stats?.endpoints?.find((candidate) => candidate.name === name);
    if (endpoint === undefined) throw new Error(`no endpoint ${name}`);
    return endpoint;
  }
});

import { JetStreamOutcomeStore, connectNats } from '#jetstream';
import { startNatsServer, type NatsServer } from '#nats-server';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('Outcomes where no allocator has created their stream', () => {
  let folder: string;
  let server: NatsServer;
  let connection: NatsConnection;
  let store: JetStreamOutcomeStore;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berth-outcomes-'));
    server = await startNatsServer({ dataDirectory: folder });
    connection = await connectNats({ servers: server.url, name: 'outcomes' });
    store = new JetStreamOutcomeStore(connection, 'eu');
  });
  afterAll(async () => {
    await connection.close();
    await server.kill();
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    ['one', () => store.last('outcomes.eu.match-1')],
    ['many', () => store.list('outcomes.eu.>', { after: 0 }, 10)],
  ])('say which stream is not there, and what to do, when %s is asked for', async (_, asked) => {
    await expect(asked()).rejects.toMatchObject({
      name: 'CannotStore',
      message: expect.stringMatching(/^stream \S+_eu is not there, or JetStream is disabled/),
      remedy: expect.stringContaining('start an allocator of its region'),
    });
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ConnectionWatch,
  connectNats,
  ensureStream,
  JetStreamRequestQueue,
  requestStreamConfig,
} from '#jetstream';
import { startNatsServer, type NatsServer } from '#nats-server';
import { SystemClock } from '#service-runtime';
import type { QueuedRequest } from '#wire';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const region = 'eu';

describe('A queue of published requests that went back', () => {
  let folder: string;
  let server: NatsServer;
  let connection: NatsConnection;
  let queue: JetStreamRequestQueue;
  const got: QueuedRequest[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berth-queue-'));
    server = await startNatsServer({ dataDirectory: join(folder, 'nats') });
    connection = await connectNats({ servers: server.url, name: 'queue' });
    await ensureStream(connection, requestStreamConfig(region));
    queue = new JetStreamRequestQueue(connection, region, new SystemClock());
  });
  afterEach(async () => {
    await connection.close();
    await server.kill();
    await rm(folder, { recursive: true, force: true });
  });

  const until = async (isSo: () => boolean) => {
    while (!isSo()) await sleep(20);
  };

  it('keeps a request under the number of one that was received before', async () => {
    const subscription = await queue.consume((request) => void got.push(request), 10);
    const store = join(server.dataDirectory, 'jetstream');
    await cp(store, join(folder, 'copy'), { recursive: true });
    await queue.publish('first', Buffer.from('first'));
    await until(() => got.length === 1);
    const back = new Promise<void>((resolve) => {
      ConnectionWatch.of(connection).on('back', resolve);
    });
    await server.kill();
    await rm(store, { recursive: true });
    await rename(join(folder, 'copy'), store);
    await server.restart();
    await back;
    await queue.publish('second', Buffer.from('second'));
    await until(() => got.length === 2);
    await expect(got[0]!.done()).rejects.toThrow('the connection was lost');
    got[0]!.later(1);
    const manager = await jetstreamManager(connection);
    const stream = requestStreamConfig(region).name;
    expect((await manager.streams.info(stream)).state).toMatchObject({ messages: 1, last_seq: 1 });
    await got[1]!.done();
    expect((await manager.streams.info(stream)).state.messages).toBe(0);
    subscription.close();
  }, 60_000);
});

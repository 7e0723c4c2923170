import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectNats } from '#jetstream';
import type { NatsServer } from '#nats-server';
import type { NatsConnection } from '@nats-io/transport-node';
import { findClusterBinary, startCluster, urlsOf } from './cluster.js';
import { eventLogContract } from './event-log.contract.js';
import { makeJetStreamLog } from './jetstream.js';

const found = await findClusterBinary(process.env);

if ('missing' in found) {
  describe('An event log (JetStream on three servers)', () => {
    it.skip(`is not tried: ${found.missing}`, () => undefined);
  });
} else {
  let folder: string;
  let servers: readonly NatsServer[];
  let connection: NatsConnection;
  let logs = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berth-cluster-'));
    servers = await startCluster(folder, found.binary);
    connection = await connectNats({ servers: urlsOf(servers), name: 'contract' });
  }, 60_000);

  afterAll(async () => {
    await connection.close();
    await Promise.all(servers.map((server) => server.kill()));
    await rm(folder, { recursive: true, force: true });
  });

  for (const consumers of [true, false]) {
    const by = consumers ? 'consumers' : 'direct gets';
    eventLogContract(`JetStream on three servers, read by ${by}`, () => {
      logs += 1;
      return makeJetStreamLog(connection, `r${logs}`, { replicas: servers.length, consumers });
    });
  }
}

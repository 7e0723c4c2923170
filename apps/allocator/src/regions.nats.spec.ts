import { BerthClient } from '#client';
import { connectNats, JetStreamEventLog, NatsBus, slotStreamName } from '#jetstream';
import { startNatsServer, type NatsServer } from '#nats-server';
import { tell } from '#rpc';
import { createLogger, SystemClock } from '#service-runtime';
import { endpoints, slotRecordCodec, slotsSubject } from '#wire';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allocatorConfig } from './config.js';
import { TestAgent, type Reporting } from '../test/support/agent.js';
import { openAllocators } from './start-allocator.js';

const REGIONS = ['eu', 'us'];
const clock = new SystemClock();

let directory: string;
let server: NatsServer;
let connection: NatsConnection;
let app: { close(): Promise<void> };
let client: BerthClient;
let agents: readonly TestAgent[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'berth-regions-'));
  server = await startNatsServer({ dataDirectory: directory });
  const config = allocatorConfig({ NATS_URL: server.url, BERTH_REGIONS: REGIONS.join(',') });
  app = await openAllocators(config, createLogger('test', 'silent'));
  connection = await connectNats({ servers: server.url, name: 'agents' });
  client = await BerthClient.connect({ servers: server.url });
  agents = await Promise.all(REGIONS.map(anAgentIn));
  for (const agent of agents) await agent.own('1', '2');
}, 60_000);

afterAll(async () => {
  for (const agent of agents) agent.close();
  await client.close();
  await app.close();
  await connection.close();
  await server.kill();
  await rm(directory, { recursive: true, force: true });
});

/** An agent that reports over NATS, to whichever allocator listens. */
async function anAgentIn(region: string): Promise<TestAgent> {
  const bus = new NatsBus(connection);
  const reports: Reporting['reports'] = {
    record: async (ref, message) => tell(bus, endpoints.report, ref, message),
  };
  return new TestAgent(region, await logOf(region), clock, [{ reports }]);
}

function logOf(region: string) {
  const stream = slotStreamName(region);
  return JetStreamEventLog.open(connection, { stream, codec: slotRecordCodec, clock });
}

async function claimsIn(region: string): Promise<readonly string[]> {
  const claims: string[] = [];
  for await (const item of (await logOf(region)).read(slotsSubject(region))) {
    const event = item.kind === 'recorded' ? item.record.event : undefined;
    if (event?.type === 'AllocationRequested') claims.push(event.allocationId);
  }
  return claims;
}

describe('one allocator of several regions', () => {
  test("serves each region from its own slots, and records it in the region's own log", async () => {
    const ask = (region: string, allocationId: string) =>
      client.allocate({ region, allocationId, waitMs: 10_000 });
    const granted = await Promise.all(
      REGIONS.flatMap((region) => [ask(region, `${region}-1`), ask(region, `${region}-2`)]),
    );
    expect(granted.map(({ region }) => region)).toEqual(['eu', 'eu', 'us', 'us']);
    expect(granted.map(({ slot }) => slot.split('.')[0])).toEqual(['eu', 'eu', 'us', 'us']);
    expect(new Set(granted.map(({ slot }) => slot)).size).toBe(4);
    for (const region of REGIONS) {
      expect([...(await claimsIn(region))].sort()).toEqual([`${region}-1`, `${region}-2`]);
    }
    const elsewhere = client.allocate({ region: 'mars', timeoutMs: 300 });
    await expect(elsewhere).rejects.toThrow('no allocator is running');
  }, 60_000);

  test('lets one id have one server in each region', async () => {
    await client.deallocate({ region: 'eu', allocationId: 'eu-1' });
    await client.deallocate({ region: 'us', allocationId: 'us-1' });
    const asked = REGIONS.map((region) =>
      client.allocate({ region, allocationId: 'both', waitMs: 10_000 }),
    );
    expect((await Promise.all(asked)).map(({ region }) => region)).toEqual(REGIONS);
  }, 60_000);
});

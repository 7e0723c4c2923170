import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { BerthClient } from '#client';
import {
  connectNats,
  ensureStream,
  JetStreamEventLog,
  JetStreamOutcomeStore,
  JetStreamRequestQueue,
  NatsBus,
  outcomeStreamConfig,
  requestStreamConfig,
  slotStreamConfig,
} from '#jetstream';
import type { Cancel, EventLog } from '#kernel';
import { MemoryKeyStore } from '#memory';
import { startNatsServer, type NatsServer } from '#nats-server';
import { EndpointServer } from '#rpc';
import { createLogger, SystemRandom, SystemClock } from '#service-runtime';
import { anOffer, someLimits, START } from '#testing';
import {
  endpoints,
  allocationRequest,
  allocationResult,
  BEAT_MS,
  decodeJson,
  encodeJson,
  resultSubject,
  slotRecordCodec,
  type AllocationAnswer,
  type Allocated,
  type AllocationResult,
  type SlotRecord,
} from '#wire';
import type { NatsConnection } from '@nats-io/transport-node';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Allocator } from '../allocator.js';
import { TestAgent } from '../../test/support/agent.js';
import { settingsInMemory } from '../../test/support/settings-in-memory.js';

const region = 'eu';
const clock = new SystemClock();
const allocators: Allocator[] = [];
const servers: EndpointServer[] = [];
const logger = createLogger('test', 'silent');

let directory: string;
let server: NatsServer;
let connection: NatsConnection;
let log: EventLog<SlotRecord>;
let agent: TestAgent;
let client: BerthClient;
let stopBeating: Cancel;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'berth-published-'));
  server = await startNatsServer({ dataDirectory: directory });
  connection = await connectNats({ servers: server.url, name: 'allocators' });
  await ensureStream(connection, slotStreamConfig(region));
  await ensureStream(connection, requestStreamConfig(region));
  await ensureStream(connection, outcomeStreamConfig(region));
  const stream = slotStreamConfig(region).name;
  log = await JetStreamEventLog.open(connection, { stream, codec: slotRecordCodec, clock });
  agent = new TestAgent(region, log, clock, allocators);
  // Long deadlines, so that a busy machine does not fail the test.
  agent.offer = anOffer({ limits: someLimits({ callbackMs: 30_000 }) });
  client = await BerthClient.connect({ servers: server.url });
  const bus = new NatsBus(connection);
  const beat = encodeJson({ incarnation: START });
  stopBeating = clock.every(BEAT_MS, () =>
    bus.publish(endpoints.beat.subject.of({ region, agent: 'm' }), beat),
  );
});

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  for (const allocator of allocators.splice(0)) allocator.stop();
});

afterAll(async () => {
  stopBeating();
  agent.close();
  await client.close();
  await connection.close();
  await server.kill();
  await rm(directory, { recursive: true, force: true });
});

async function startAllocator(): Promise<Allocator> {
  const id = `allocator-${allocators.length}`;
  const bus = new NatsBus(connection);
  const allocator = new Allocator(id, region, {
    log,
    ...settingsInMemory(clock),
    clock,
    bus,
    requests: new JetStreamRequestQueue(connection, region, clock),
    outcomes: new JetStreamOutcomeStore(connection, region),
    keys: new MemoryKeyStore(),
    random: new SystemRandom(),
    logger,
  });
  await allocator.start();
  const served = new EndpointServer(bus, { clock, logger });
  allocator.serve(served);
  servers.push(served);
  allocators.push(allocator);
  return allocator;
}

/** The next result of this id, heard on its subject as it is stored. */
function nextResult(allocationId: string): Promise<AllocationResult> {
  return new Promise((resolve) => {
    const subject = resultSubject(region, allocationId);
    const heard = new NatsBus(connection).subscribe(subject, ({ body }) => {
      heard.close();
      resolve(decodeJson(allocationResult, body));
    });
  });
}

describe('a request that was published while no allocator ran', () => {
  test('is served once one does, and its result is found later by its id', async () => {
    const heard = nextResult('match/1');
    await client.publish({ region, allocationId: 'match/1', payload: { players: 8 } });
    await client.publish({ region, allocationId: 'match/1', payload: { players: 8 } });
    expect(await client.result(region, 'match/1')).toBeUndefined();
    await startAllocator();
    await agent.own('1', '2');
    const result = await heard;
    expect(result.answer).toMatchObject({ status: 'allocated', allocationId: 'match/1' });
    const { payload: _, ...answer } = result.answer as Allocated;
    expect(await client.result(region, 'match/1')).toMatchObject({ ...result, answer });
  });

  test('is recorded as expired if its time is over', async () => {
    const heard = nextResult('match/2');
    await client.publish({ region, allocationId: 'match/2', waitMs: 0 });
    await startAllocator();
    expect((await heard).answer).toMatchObject({ status: 'refused', code: 'expired' });
  });
});

/** Repeats the request while the answer is `not-ready`, as the client does. */
async function insist(allocator: Allocator, allocationId: string): Promise<AllocationAnswer> {
  const request = allocationRequest.parse({ region, allocationId, timeoutMs: 30_000 });
  for (;;) {
    const answer = await allocator.claims.allocate(request);
    if (answer.status === 'allocated' || answer.code !== 'not-ready') return answer;
    await clock.sleep(50);
  }
}

describe('five hundred requests with a hundred ids', () => {
  test('at three allocators take a hundred slots, and each id always gets the same answer', async () => {
    for (let count = 0; count < 3; count += 1) await startAllocator();
    const slots = Array.from({ length: 130 }, (_, index) => `many-${index}`);
    await agent.own(...slots);
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        insist(allocators[index % 3]!, `many-${index % 100}`),
      ),
    );
    expect(answers.filter(({ status }) => status !== 'allocated')).toEqual([]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(100);
    const taken = new Set(
      answers.map((answer) => (answer.status === 'allocated' ? answer.slot : '')),
    );
    expect(taken.size).toBe(100);
    expect(allocators.map(({ doubles }) => doubles)).toEqual([0, 0, 0]);
  }, 60_000);
});

describe('a request that waits', () => {
  test('frees its place when its requester cancels it', async () => {
    const allocator = await startAllocator();
    await connection.flush();
    const controller = new AbortController();
    const { signal } = controller;
    const empty = { region, fleet: 'empty', reason: 'a test', by: 'spec' };
    await allocator.fleets.size({ ...empty, size: { minAvailable: 0, max: 1, buffer: 0 } });
    const options = { region, allocationId: 'match/3', fleet: 'empty', waitMs: 60_000 };
    const answer = allocator.claims.allocate(allocationRequest.parse(options));
    const waiting = client.allocate(options, { signal });
    controller.abort(new Error('the lobby is empty'));
    await expect(waiting).rejects.toThrow('the lobby is empty');
    expect(await answer).toMatchObject({ status: 'refused', code: 'cancelled' });
    expect(allocator.waiting).toBe(0);
  });
});

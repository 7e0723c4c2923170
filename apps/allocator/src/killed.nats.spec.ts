import { BerthClient, type PublishedResult } from '#client';
import { connectNats, JetStreamEventLog, NatsBus, slotStreamName } from '#jetstream';
import type { Cancel, EventLog } from '#kernel';
import { startNatsServer, type NatsServer } from '#nats-server';
import { SystemClock } from '#service-runtime';
import type { SlotRef } from '#slot';
import { tell } from '#rpc';
import { START } from '#testing';
import {
  endpoints,
  BEAT_MS,
  slotRecordCodec,
  slotName,
  slotOfSubject,
  slotsSubject,
  type ReportMessage,
  type SlotRecord,
} from '#wire';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { TestAgent } from '../test/support/agent.js';

const MAIN = resolve('dist/apps/allocator/src/main.js');
const ALLOCATORS = 3;
const SLOTS = 10;
const REQUESTS = 50;
const region = 'eu';
const clock = new SystemClock();

let directory: string;
let server: NatsServer;
let connection: NatsConnection;
let client: BerthClient;
let log: EventLog<SlotRecord>;
let agent: TestAgent;
let children: readonly ChildProcess[] = [];
const stops: Cancel[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'berth-killed-'));
  server = await startNatsServer({ dataDirectory: directory });
  connection = await connectNats({ servers: server.url, name: 'agents' });
  client = await BerthClient.connect({ servers: server.url });
  children = await startAllocators();
  const stream = slotStreamName(region);
  log = await JetStreamEventLog.open(connection, { stream, codec: slotRecordCodec, clock });
  agent = anAgent();
}, 60_000);

afterAll(async () => {
  for (const stop of stops) stop();
  agent.close();
  await killAll();
  await client.close();
  await connection.close();
  await server.kill();
  await rm(directory, { recursive: true, force: true });
});

function startAllocators(): Promise<readonly ChildProcess[]> {
  const env = { ...process.env, NATS_URL: server.url, BERTH_REGIONS: region, LOG_LEVEL: 'fatal' };
  const started = Array.from({ length: ALLOCATORS }, async () => {
    const child = fork(MAIN, [], { env, stdio: 'ignore' });
    await once(child, 'message');
    return child;
  });
  return Promise.all(started);
}

async function killAll(): Promise<void> {
  const ends = children.map((child) => once(child, 'exit'));
  for (const child of children) child.kill('SIGKILL');
  children = [];
  await Promise.all(ends);
}

/** Repeats its reports, as agents do, to whichever allocator is there. */
function anAgent(): TestAgent {
  const bus = new NatsBus(connection);
  const said = new Map<string, () => void>();
  const reports = {
    record: async (ref: SlotRef, message: ReportMessage) => {
      const say = () => tell(bus, endpoints.report, ref, message);
      said.set(slotName(ref), say);
      say();
    },
  };
  stops.push(
    clock.every(BEAT_MS, () =>
      tell(bus, endpoints.beat, { region, agent: 'm' }, { incarnation: START }),
    ),
    clock.every(500, () => said.forEach((say) => say())),
  );
  const made = new TestAgent(region, log, clock, [{ reports }]);
  made.sessionMs = 300;
  return made;
}

/** Resolves once this many claims have been stored since the call. */
function claimed(count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = count;
    const receive = (type: string) => {
      if (type !== 'AllocationRequested') return;
      left -= 1;
      if (left === 0) resolve();
    };
    log
      .watch(slotsSubject(region), {
        receive: (item) => item.kind === 'recorded' && receive(item.record.event.type),
      })
      .then((watching) => stops.push(() => watching.close()), reject);
  });
}

/** The slots that acknowledged each id. */
async function acknowledgements(): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for await (const item of log.read(slotsSubject(region))) {
    if (item.kind !== 'recorded' || item.record.event.type !== 'CallbackAcked') continue;
    const id = item.record.state.context.allocation?.id ?? '';
    found.set(id, [...(found.get(id) ?? []), slotName(slotOfSubject(item.subject))]);
  }
  return found;
}

async function result(allocationId: string): Promise<PublishedResult> {
  for (;;) {
    const found = await client.result(region, allocationId);
    if (found !== undefined) return found;
    await clock.sleep(250);
  }
}

describe('fifty published requests', () => {
  test('are served once or expire, even if all allocators are killed meanwhile', async () => {
    const ids = Array.from({ length: REQUESTS }, (_, index) => `match-${index}`);
    const enough = claimed(SLOTS / 2);
    for (const [index, allocationId] of ids.entries()) {
      const waitMs = index % 10 === 9 ? 0 : 120_000;
      await client.publish({ region, allocationId, waitMs, timeoutMs: 30_000 });
    }
    await agent.own(...Array.from({ length: SLOTS }, (_, index) => String(index + 1)));
    await enough;
    await killAll();
    children = await startAllocators();

    const results = await Promise.all(ids.map(result));
    const acknowledged = await acknowledgements();
    for (const { allocationId, answer } of results) {
      const slots = acknowledged.get(allocationId) ?? [];
      if (answer.status === 'allocated') expect(slots).toEqual([answer.slot]);
      // If the allocator that served the request died, and the session is over, the answer says so.
      else if (answer.code === 'ended') expect(slots).toHaveLength(1);
      else expect({ code: answer.code, slots }).toEqual({ code: 'expired', slots: [] });
    }
    expect(results.filter(({ answer }) => answer.status === 'allocated').length).toBeGreaterThan(
      30,
    );
    expect(await Promise.all(ids.map(result))).toEqual(results);
  }, 180_000);
});

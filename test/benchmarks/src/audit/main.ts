/**
 * How fast a log is verified: `npm run bench:audit -- 1000000`. The log is generated, stored in a real
 * nats-server, and read back from there.
 */
import { keptLog, Verification } from '#audit';
import {
  archiveStreamName,
  connectNats,
  ensureStream,
  slotStreamConfig,
  slotStreamName,
  StoredLog,
} from '#jetstream';
import { startNatsServer } from '#nats-server';
import { SystemClock } from '#service-runtime';
import { storedLog } from '#testing';
import { slotsSubject } from '#wire';
import { jetstreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const REGION = 'eu';
const SLOTS = 1_000;
/** A session of this log has three to five events. */
const EVENTS_PER_SESSION = 3.1;
/** Published before the server is asked whether it keeps up. */
const CHUNK = 5_000;
const EXPECTED = 'Nats-Expected-Last-Subject-Sequence';

const wanted = Number(process.argv[2] ?? 200_000);
const folder = await mkdtemp(join(tmpdir(), 'berth-bench-audit-'));
const server = await startNatsServer({ dataDirectory: folder });
const connection = await connectNats({ servers: server.url, name: 'bench' });
try {
  await store(connection, Math.ceil(wanted / SLOTS / EVENTS_PER_SESSION));
  for (let turn = 0; turn < 3; turn += 1) console.log(await measure(connection));
} finally {
  await connection.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

/** As allocators do, but without waiting for each answer. */
async function store(to: NatsConnection, sessions: number): Promise<void> {
  await ensureStream(to, slotStreamConfig(REGION));
  const manager = await jetstreamManager(to);
  let last = 0;
  for (const message of storedLog({ region: REGION, slots: SLOTS, sessions })) {
    const { subject, body, expected, deduplicationId, sequence } = message;
    const said = headers();
    said.set(EXPECTED, String(expected));
    if (deduplicationId !== null) said.set('Nats-Msg-Id', deduplicationId);
    to.publish(subject, body, { headers: said });
    last = sequence;
    if (last % CHUNK === 0) await stored(last);
  }
  await stored(last);

  async function stored(sequence: number): Promise<void> {
    while ((await manager.streams.info(slotStreamName(REGION))).state.last_seq < sequence);
  }
}

async function measure(from: NatsConnection): Promise<string> {
  const clock = new SystemClock();
  const [log, archive] = await Promise.all(
    [slotStreamName(REGION), archiveStreamName(REGION)].map((stream) =>
      StoredLog.open(from, { stream, filter: slotsSubject(REGION), clock }),
    ) as [Promise<StoredLog>, Promise<StoredLog>],
  );
  const kept = await keptLog(log, archive);
  const verification = new Verification(0);
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  for await (const message of kept.read(0)) verification.take(message);
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const { events, wrong } = verification.report();
  return [
    `${events} events, ${wrong} wrong`,
    `${Math.round(events / seconds)} events/s`,
    `${Math.round(events / ((user + system) / 1e6))} events/s of one core`,
    `${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB`,
  ].join(', ');
}

/**
 * How fast a log is verified: `npm run bench:audit -- 1000000`. The log is generated, stored in a real
 * nats-server, and read back from there.
 */
import { keptLog, Verification } from '#audit';
import { connectNats, openRegionLog } from '#jetstream';
import { startNatsServer } from '#nats-server';
import { SystemClock } from '#service-runtime';
import type { NatsConnection } from '@nats-io/transport-node';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REGION, storeSessions } from './stored-sessions.js';

const wanted = Number(process.argv[2] ?? 200_000);
const folder = await mkdtemp(join(tmpdir(), 'berth-bench-audit-'));
// What is stored is not what is measured.
const server = await startNatsServer({ dataDirectory: folder, syncAlways: false });
const connection = await connectNats({ servers: server.url, name: 'bench' });
try {
  await storeSessions(connection, wanted);
  for (let turn = 0; turn < 3; turn += 1) console.log(await measure(connection));
} finally {
  await connection.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measure(from: NatsConnection): Promise<string> {
  const { log, archive } = await openRegionLog(from, REGION, new SystemClock());
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

/**
 * How fast a log is verified, as `berth audit verify` does: `npm run bench:audit -- 1000000`. The log
 * is generated, stored in a real nats-server, and read back from there; then again with one event
 * changed, one dropped and two swapped, each of which has to be named.
 */
import { keptLog } from '#audit';
import { connectNats, openRegionLog } from '#jetstream';
import { startNatsServer } from '#nats-server';
import { SystemClock } from '#service-runtime';
import type { NatsConnection } from '@nats-io/transport-node';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyKept } from '../../../../apps/cli/src/audit/verify.js';
import { REGION, storeDamaged, storeSessions } from './stored-sessions.js';

const TURNS = 3;
const METER = { begin: () => undefined, reach: () => undefined, end: () => undefined };

const wanted = Number(process.argv[2] ?? 200_000);
await onServer(async (connection) => {
  await storeSessions(connection, wanted);
  for (let turn = 0; turn < TURNS; turn += 1) console.log((await measured(connection)).text);
});
await onServer(async (connection) => {
  const damaged = await storeDamaged(connection, wanted);
  const { text, findings } = await measured(connection);
  console.log(`${text}: changed, swapped, swapped and dropped at ${damaged.join(', ')}`);
  for (const { sequence, slot, says } of findings) console.log(`  ${sequence} ${slot}: ${says}`);
  const found = findings.map(({ sequence }) => sequence);
  if (String(found) !== String(damaged)) throw new Error('not each of them was named');
});

async function onServer(work: (connection: NatsConnection) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-bench-audit-'));
  // What is stored is not what is measured.
  const server = await startNatsServer({ dataDirectory: folder, syncAlways: false });
  const connection = await connectNats({ servers: server.url, name: 'bench' });
  try {
    await work(connection);
  } finally {
    await connection.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measured(from: NatsConnection) {
  const { log, archive } = await openRegionLog(from, REGION, new SystemClock());
  const kept = { ...(await keptLog(log, archive)), wholeSince: 0 };
  const cpu = process.cpuUsage();
  const { signal } = new AbortController();
  const { report, seconds } = await verifyKept(kept, { signal, meter: METER });
  const { user, system } = process.cpuUsage(cpu);
  const { events, wrong, findings } = report;
  const text = [
    `${events} events, ${wrong} wrong`,
    `${Math.round(events / seconds)} events/s`,
    `${Math.round(events / ((user + system) / 1e6))} events/s of one core`,
    `${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB`,
  ].join(', ');
  return { text, findings };
}

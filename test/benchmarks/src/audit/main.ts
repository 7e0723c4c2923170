/**
 * How fast a log is verified, as `berth audit verify` does: `npm run bench:audit -- 1000000`. The log
 * is generated, stored in a real nats-server, and read back from there; then again with one event
 * changed, one dropped and two swapped, each of which has to be named.
 */
import { connectNats } from '#jetstream';
import { startNatsServer } from '#nats-server';
import type { NatsConnection } from '@nats-io/transport-node';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyRegion } from '../../../../apps/cli/src/audit/verify-region.js';
import { REGION, storeDamaged, storeSessions } from './stored-sessions.js';

const TURNS = 3;
const METER = { begin: () => undefined, reach: () => undefined, end: () => undefined };
/** Between two looks at the memory of the process, all its threads included (ms). */
const LOOK_MS = 50;

const wanted = Number(process.argv[2] ?? 200_000);
await onServer(async (connection, url) => {
  await storeSessions(connection, wanted);
  for (let turn = 0; turn < TURNS; turn += 1) console.log((await measured(url)).text);
});
await onServer(async (connection, url) => {
  const damaged = await storeDamaged(connection, wanted);
  const { text, findings } = await measured(url);
  console.log(`${text}: changed, swapped, swapped and dropped at ${damaged.join(', ')}`);
  for (const { sequence, slot, says } of findings) console.log(`  ${sequence} ${slot}: ${says}`);
  const found = findings.map(({ sequence }) => sequence);
  if (String(found) !== String(damaged)) throw new Error('not each of them was named');
});

async function onServer(
  work: (connection: NatsConnection, url: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-bench-audit-'));
  // What is stored is not what is measured.
  const server = await startNatsServer({ dataDirectory: folder, syncAlways: false });
  const connection = await connectNats({ servers: server.url, name: 'bench' });
  try {
    await work(connection, server.url);
  } finally {
    await connection.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measured(nats: string) {
  let bytes = 0;
  const looking = setInterval(() => (bytes = Math.max(bytes, process.memoryUsage.rss())), LOOK_MS);
  const { signal } = new AbortController();
  const { report, seconds, cpuSeconds } = await verifyRegion(
    { region: REGION, nats },
    { signal, meter: METER },
  );
  clearInterval(looking);
  const { events, wrong, findings } = report;
  const text = [
    `${events} events, ${wrong} wrong`,
    `${Math.round(events / seconds)} events/s`,
    `${Math.round(events / cpuSeconds)} events/s of one processor's time`,
    `at most ${Math.round(bytes / 2 ** 20)} MiB`,
  ].join(', ');
  return { text, findings };
}

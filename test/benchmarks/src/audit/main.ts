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
import { startWorker } from '../worker.js';
import { REGION, storeDamaged, storeSessions } from './stored-sessions.js';
import type { VerifierMessage } from './verifier.js';

const TURNS = 3;
const VERIFIER = new URL('./verifier.js', import.meta.url);

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
  const verifier = await startWorker<VerifierMessage>(VERIFIER, { region: REGION, nats });
  await verifier.stop();
  const { report, seconds, cpuSeconds, peakKilobytes } = verifier.message;
  const { events, wrong, findings } = report;
  const text = [
    `${events} events, ${wrong} wrong`,
    `${Math.round(events / seconds)} events/s`,
    `${Math.round(events / cpuSeconds)} events/s of one processor's time`,
    `at most ${Math.round(peakKilobytes / 1_024)} MiB`,
  ].join(', ');
  return { text, findings };
}

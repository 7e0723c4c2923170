/**
 * How long an allocator takes to start, and what memory it then has: `npm run bench:start -- 1000000`.
 * The slots are stored in a real nats-server, either recently or before what an allocator remembers.
 */
import { connectNats } from '#jetstream';
import { startNatsServer } from '#nats-server';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuOf } from '../cpu.js';
import { storedSlots } from '../pool/heads.js';
import { storeMessages } from '../stored-messages.js';
import { startWorker } from '../worker.js';

/** The region of `storedSlots`. */
const REGION = 'eu';
const ALLOCATOR = new URL('../../../../apps/allocator/src/main.js', import.meta.url);
/** The options with which services are started. */
const EXEC_ARGV = ['--max-semi-space-size=64'];

const slots = Number(process.argv[2] ?? 100_000);
const folder = await mkdtemp(join(tmpdir(), 'berth-bench-start-'));
const server = await startNatsServer({ dataDirectory: folder, syncAlways: false });
const connection = await connectNats({ servers: server.url, name: 'bench' });
try {
  await storeMessages(connection, REGION, storedSlots(slots));
  // Node's own start, and what an allocator of an empty region costs, is part of each figure.
  for (let turn = 0; turn < 3; turn += 1) console.log(await start());
} finally {
  await connection.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

async function start(): Promise<string> {
  const env = {
    ...{ NATS_URL: server.url, BERTH_REGIONS: REGION, LOG_LEVEL: 'error' },
    ...{ BERTH_ARCHIVE_DAYS: '0' },
  };
  const startedAt = performance.now();
  const allocator = await startWorker(ALLOCATOR, undefined, { env, execArgv: EXEC_ARGV });
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpu = (cpuOf(allocator.pid) ?? NaN) / 1e6;
  const status = await readFile(`/proc/${allocator.pid}/status`, 'utf8');
  const [rss, peak] = ['VmRSS', 'VmHWM'].map((name) => megabytes(status, name));
  await allocator.stop();
  return [
    `${slots} slots: ready after ${seconds.toFixed(1)} s`,
    `${cpu.toFixed(1)} s of processor`,
    `${rss} MiB, at most ${peak}`,
  ].join(', ');
}

function megabytes(status: string, name: string): number {
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
  return Math.round(Number(kilobytes) / 1_024);
}

/**
 * What becomes of three times the requests that an allocator can serve, and how soon it serves as
 * before: `npm run bench:overload -- 60` (seconds of overload; 10 by default).
 */
import { endpoints } from '#wire';
import { startNatsServer } from '#nats-server';
import { connect } from '@nats-io/transport-node';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepInFlight } from '../asking.js';
import { berthTarget } from '../berth/target.js';
import { region } from '../berth/setting.js';
import { phase, recovery, sayPhase, type Ending } from './phases.js';

/** How many times the requests that can be served. */
const TIMES = 3;
/** The load before and after it, as a part of what can be served. */
const USUAL = 0.3;
const REPLY_MS_MAX = 5_000;

const seconds = Number(process.argv[2] ?? 10);
const folder = await mkdtemp(join(tmpdir(), 'berth-bench-overload-'));
const server = await startNatsServer({ dataDirectory: folder, syncAlways: false });
const surroundings = { natsUrl: server.url, folder, syncAlways: false };
const running = await berthTarget.start(surroundings);
if ('skipped' in running) throw new Error(running.skipped);
const connection = await connect({ servers: server.url, noAsyncTraces: true });
// The client makes an Error for each request, even for those that succeed.
Error.stackTraceLimit = 0;
try {
  await measure();
} finally {
  await connection.close();
  await running.stop();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  await saturation(3_000);
  const most = await saturation(6_000);
  console.log(`saturation, 64 in flight: ${most.toFixed(0)}/s`);
  const before = await phase(ask, USUAL * most, 3);
  console.log(sayPhase(`${USUAL} of it, before`, before));
  const during = await phase(ask, TIMES * most, seconds);
  console.log(sayPhase(`${TIMES} times it, ${seconds} s`, during));
  const after = await recovery(ask, USUAL * most, before);
  console.log(`goodput: ${(during.perSecond / most).toFixed(2)} of saturation`);
  console.log(`served as before ${after.toFixed(1)} s after the last answer`);
}

async function saturation(count: number): Promise<number> {
  const granted = async (id: string) => (await ask(id)) === 'granted';
  const { latencies, elapsedMs } = await keepInFlight(granted, 64, count);
  return (latencies.length * 1_000) / elapsedMs;
}

async function ask(allocationId: string): Promise<Ending> {
  const body = JSON.stringify({ allocationId, payload: { mode: 'duel' } });
  try {
    const subject = endpoints.allocate.subject.of({ region });
    const reply = await connection.request(subject, body, { timeout: REPLY_MS_MAX });
    return reply.string().startsWith('{"status":"allocated"') ? 'granted' : 'shed';
  } catch {
    return 'silent';
  }
}

/**
 * How fast the index of allocations is built, and answers, also over HTTP: `npm run bench:index --
 * 1000000`. The log is generated, stored in a real nats-server, and read from there.
 */
import { allocationStoryAnswer } from '#http-api';
import { connectNats } from '#jetstream';
import { startNatsServer } from '#nats-server';
import { createLogger, SystemClock } from '#service-runtime';
import { claimsRequest, type ClaimsRequest } from '#wire';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { IndexFiles } from '../../../../apps/auditor/src/index/index-files.js';
import { RegionIndex } from '../../../../apps/auditor/src/index/region-index.js';
import { openHistory } from '../../../../apps/auditor/src/open-history.js';
import { REGION, SLOTS, storeSessions } from '../audit/stored-sessions.js';
import { withGateway } from './over-http.js';

const QUESTIONS = 2_000;
/** Over HTTP, one after the other. */
const HTTP_QUESTIONS = 500;

const wanted = Number(process.argv[2] ?? 200_000);
const folder = await mkdtemp(join(tmpdir(), 'berth-bench-index-'));
// What is stored is not what is measured.
const server = await startNatsServer({ dataDirectory: join(folder, 'nats'), syncAlways: false });
const connection = await connectNats({ servers: server.url, name: 'bench' });
const clock = new SystemClock();
const index = new RegionIndex(REGION, {
  files: new IndexFiles(folder, REGION),
  open: () => openHistory(REGION, connection, clock),
  ...{ clock, logger: createLogger('bench', 'silent') },
});
try {
  const { events, sessions } = await storeSessions(connection, wanted);
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  index.start();
  while (index.state.readTo < events) await sleep(50);
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  console.log(
    `built: ${events} events in ${seconds.toFixed(1)} s, ${Math.round(events / seconds)} events/s, ` +
      `${Math.round(events / ((user + system) / 1e6))} events/s of one core`,
  );
  while (index.state.built === null) await sleep(50);
  const { claims, bytes } = index.state;
  console.log(`${claims} claims, ${Math.round(bytes / 2 ** 20)} MiB on disk`);
  console.log(`${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB of memory`);
  const slot = () => Math.floor(Math.random() * SLOTS);
  const turn = () => 1 + Math.floor(Math.random() * sessions);
  const id = () => `match-${slot()}-${turn()}`;
  measure('by id', () => ({ allocationId: id(), everyAttempt: true }));
  measure('the latest 100', () => ({}));
  measure('by owner', () => ({ requestedBy: `token-${slot() % 3}` }));
  measure('by end', () => ({ endedBy: 'CallbackTimedOut' }));
  measure('by owner and end', () => ({ requestedBy: 'token-0', endedBy: 'DeallocationRequested' }));
  await withGateway({ connection, url: server.url, index }, async (get) => {
    await measureOverHttp('by id over HTTP', () =>
      get(`/v1/audit/allocations?region=${REGION}&allocationId=${id()}`),
    );
    await measureOverHttp('all of one over HTTP', async () => {
      const story = allocationStoryAnswer.parse(await get(`/v1/audit/allocations/${id()}`));
      if (story.source?.kind !== 'index') throw new Error(story.source?.because);
    });
  });
} finally {
  index.close();
  await connection.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measureOverHttp(what: string, ask: () => Promise<unknown>): Promise<void> {
  const tookMs: number[] = [];
  for (let turn = 0; turn < HTTP_QUESTIONS; turn += 1) {
    const startedAt = performance.now();
    await ask();
    tookMs.push(performance.now() - startedAt);
  }
  tell(what, tookMs);
}

function measure(what: string, request: () => Partial<ClaimsRequest>): void {
  const tookMs = Array.from({ length: QUESTIONS }, () => {
    const asked = claimsRequest.parse(request());
    const startedAt = performance.now();
    const answer = index.find(asked);
    if (answer.status !== 'claims' || answer.claims.length === 0) throw new Error('nothing found');
    return performance.now() - startedAt;
  });
  tell(what, tookMs);
}

function tell(what: string, tookMs: readonly number[]): void {
  const sorted = tookMs.toSorted((one, other) => one - other);
  const [p50 = 0, p99 = 0] = [0.5, 0.99].map((share) => sorted[Math.floor(sorted.length * share)]);
  console.log(`${what}: p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`);
}

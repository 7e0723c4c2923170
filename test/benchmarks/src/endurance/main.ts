/**
 * Whether memory and latencies stay level: `npm run bench:endurance -- 2000000`. Half of the requests come
 * over NATS and half over HTTP. Prints a line each 10 s.
 */
import { startNatsServer } from '#nats-server';
import { freePort } from '#testing';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { keepInFlight } from '../asking.js';
import { region } from '../berth/setting.js';
import { httpTarget, targetOf } from '../berth/target.js';
import { percentile } from '../measure.js';
import { describeMachine } from '../report.js';
import type { OpenRequester, Requester, RunningTarget, Target } from '../target.js';
import { coursesOf, sayCourse, type Sample } from './level.js';
import { heapOf, residentOf } from './memory.js';

const EVERY_MS = 10_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'in-flight': { type: 'string', default: '32' },
    /** How many ended ids an allocator keeps: its memory is level once it has so many. */
    remembered: { type: 'string', default: '1000000' },
    json: { type: 'string' },
  },
});
const count = Number(positionals[0] ?? 300_000);
const inFlight = Number(values['in-flight']);

// The client makes an Error for each request, even for those that succeed.
Error.stackTraceLimit = 0;
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interrupted.abort());
const folder = await mkdtemp(join(tmpdir(), 'berth-bench-endurance-'));
const server = await startNatsServer({ dataDirectory: folder, syncAlways: false });
const ports = { allocator: await freePort(), gateway: await freePort() };
const { berth, http } = httpTarget(
  targetOf('berth', region, {
    BERTH_METRICS_PORT: String(ports.allocator),
    BERTH_REMEMBERED_MAX: values.remembered,
  }),
  { BERTH_METRICS_PORT: String(ports.gateway) },
);
const started: RunningTarget[] = [];
try {
  const requesters = [await start(berth), await start(http)];
  await measure(requesters);
  for (const requester of requesters) await requester.close();
} finally {
  for (const running of started.reverse()) await running.stop();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

async function start(target: Target): Promise<Requester> {
  const running = await target.start({ natsUrl: server.url, folder, syncAlways: false });
  if ('skipped' in running) throw new Error(running.skipped);
  started.push(running);
  const module = (await import(target.requesterModule.href)) as { open: OpenRequester<object> };
  return module.open(running.address);
}

async function measure(requesters: readonly Requester[]): Promise<void> {
  const machine = describeMachine(server.version);
  console.log(machine);
  const samples: Sample[] = [];
  const began = performance.now();
  let span = { since: began, latencies: [] as number[], errors: 0 };
  let asked = 0;
  const ask = async (id: string) => {
    interrupted.signal.throwIfAborted();
    const since = performance.now();
    const isGranted = await requesters[asked++ % requesters.length]?.allocate(id);
    if (isGranted === true) span.latencies.push(performance.now() - since);
    else span.errors += 1;
    return isGranted === true;
  };
  const look = async () => {
    const { since, latencies, errors } = span;
    span = { since: performance.now(), latencies: [], errors: 0 };
    const sorted = Float64Array.from(latencies).sort();
    const sample: Sample = {
      seconds: (span.since - began) / 1_000,
      allocations: (samples.at(-1)?.allocations ?? 0) + sorted.length,
      errors,
      perSecond: (sorted.length * 1_000) / (span.since - since),
      p50: percentile(sorted, 0.5),
      p99: percentile(sorted, 0.99),
      memory: await memory(),
    };
    samples.push(sample);
    console.log(saySample(sample));
  };
  const timer = setInterval(() => void look(), EVERY_MS);
  await keepInFlight(ask, inFlight, count)
    .catch(endEarly)
    .finally(() => clearInterval(timer));
  const courses = coursesOf(samples);
  for (const course of courses) console.log(sayCourse(course));
  const errors = samples.reduce((sum, sample) => sum + sample.errors, 0);
  console.log(
    `${asked} asked, ${errors} not granted; ${courses.length === 0 ? 'too short' : 'done'}`,
  );
  const { json } = values;
  const document = { machine, asked, inFlight, samples, courses };
  if (json !== undefined) await writeFile(json, `${JSON.stringify(document, null, 2)}\n`);
}

/** A run that is interrupted tells what it has seen. */
function endEarly(error: unknown): void {
  if (!interrupted.signal.aborted) throw error;
}

async function memory(): Promise<Readonly<Record<string, number>>> {
  const processes = { ...started.at(-1)?.processes, 'nats-server': server.pid };
  const found: Record<string, number> = {};
  for (const [name, pid] of Object.entries(processes)) found[name] = await residentOf(pid);
  for (const [name, port] of Object.entries(ports)) found[`${name}'s heap`] = await heapOf(port);
  return found;
}

function saySample({ seconds, allocations, errors, perSecond, p50, p99, memory }: Sample): string {
  const mib = Object.entries(memory).map(([name, amount]) => `${name} ${amount.toFixed(0)}`);
  return [
    `${seconds.toFixed(0)} s: ${allocations} allocations, ${perSecond.toFixed(0)}/s`,
    `p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)} ms`,
    ...(errors > 0 ? [`${errors} not granted`] : []),
    `MiB: ${mib.join(', ')}`,
  ].join('; ');
}

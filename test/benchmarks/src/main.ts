/** The benchmark: Berth's targets beside the bare flow, on one nats-server. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNatsServer } from '#nats-server';
import { bareTarget } from './bare/target.js';
import { meteredTarget } from './berth/metered.js';
import {
  berthTarget,
  encryptedTarget,
  guardedTargets,
  httpTarget,
  severalTargets,
} from './berth/target.js';
import { helpText, readPlan, type Plan } from './options.js';
import { describeMachine, formatTable } from './report.js';
import { measureTargets, type Result } from './rounds.js';
import { postgresTarget, redisTarget } from './stores/targets.js';
import type { Target } from './target.js';

const { berth, http } = httpTarget(berthTarget);

/** The first target is the floor that the others are compared with. */
const targets: readonly Target[] = [
  bareTarget,
  berth,
  encryptedTarget,
  meteredTarget,
  ...guardedTargets,
  http,
  postgresTarget,
  redisTarget,
  ...severalTargets,
];

const plan = readPlanOrExit();
if (plan === 'help') process.stdout.write(helpText);
else await bench(plan);

async function bench(plan: Plan): Promise<void> {
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  process.once('SIGTERM', () => interrupted.abort());
  const folder = await mkdtemp(join(tmpdir(), 'berth-bench-'));
  try {
    await measure(plan, folder, interrupted.signal);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    process.stderr.write('interrupted\n');
    process.exitCode = 130;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(plan: Plan, folder: string, signal: AbortSignal): Promise<void> {
  const { syncAlways } = plan;
  const dataDirectory = join(folder, 'nats');
  const server = await startNatsServer({ dataDirectory, syncAlways, monitorPort: -1 });
  try {
    const machine = describeMachine(server.version);
    tell(`${machine}\n`);
    const chosen = targets.filter(({ name, onRequest = false }) =>
      plan.targets.length === 0 ? !onRequest : plan.targets.includes(name),
    );
    const surroundings = { natsUrl: server.url, folder, syncAlways };
    const { pid, monitorUrl = '' } = server;
    const results = await measureTargets(
      chosen,
      surroundings,
      { pid, monitorUrl },
      plan,
      tell,
      signal,
    );
    tell(`\n${formatTable(results)}`);
    if (plan.json !== undefined) await keep(plan.json, machine, plan, results);
  } finally {
    await server.stop();
  }
}

async function keep(
  file: string,
  machine: string,
  { syncAlways, rounds }: Plan,
  results: readonly Result[],
): Promise<void> {
  const document = { machine, syncAlways, rounds, results };
  await writeFile(file, `${JSON.stringify(document, null, 2)}\n`);
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

function readPlanOrExit(): Plan | 'help' {
  try {
    return readPlan(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

/** The benchmark: Berth's targets beside the bare flow, on one nats-server. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNatsServer } from '#nats-server';
import { bareTarget } from './bare/target.js';
import { berthTarget } from './berth/target.js';
import { helpText, readPlan, type Plan } from './options.js';
import { describeMachine, formatTable } from './report.js';
import { measureTargets, type Progress } from './rounds.js';
import type { Target } from './target.js';

/** The first is the floor that the others are compared with. */
const targets: readonly Target[] = [bareTarget, berthTarget];

const plan = readPlanOrExit();
if (plan === 'help') process.stdout.write(helpText);
else await bench(plan);

async function bench(plan: Plan): Promise<void> {
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  process.once('SIGTERM', () => interrupted.abort());
  const dataDirectory = await mkdtemp(join(tmpdir(), 'berth-bench-'));
  try {
    const server = await startNatsServer({ dataDirectory, syncAlways: plan.syncAlways });
    try {
      process.stdout.write(`${describeMachine(server.version)}\n\n`);
      const results = await measureTargets(targets, server.url, plan, progress, interrupted.signal);
      process.stdout.write(`\n${formatTable(results)}\n`);
    } finally {
      await server.stop();
    }
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    process.stderr.write('interrupted\n');
    process.exitCode = 130;
  } finally {
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

function progress(...[round, target, concurrency]: Parameters<Progress>): void {
  process.stdout.write(`round ${round}: ${target}, ${concurrency} in flight\n`);
}

function readPlanOrExit(): Plan | 'help' {
  try {
    return readPlan(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

/** The storm: processes are killed at random, and the log must still tell a valid history. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findClusterBinary } from '../../contracts/src/cluster.js';
import { lastRelease } from '../../versions/src/release.js';
import { measureCollisions } from './collisions.js';
import { helpText, readPlan, type Plan } from './options.js';
import { describeOutcome } from './report.js';
import { storm } from './storm.js';

const SEEDS = 1_000_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const plan = readPlanOrExit();
if (plan === 'help') say(helpText);
else if (plan === 'collisions')
  await inFolder(undefined, (...where) => measureCollisions(...where, say));
else await run(plan);
process.exit();

async function run(plan: Plan): Promise<void> {
  say(`seed ${plan.seed}`);
  if (plan.cluster) {
    const found = await findClusterBinary(process.env);
    if ('missing' in found) return say(`skipped: ${found.missing}\n\n${helpText}`);
  }
  if (plan.mixed) {
    const last = await lastRelease();
    if ('missing' in last) return say(`skipped: ${last.missing}`);
  }
  await inFolder(plan.keep, async (folder, signal) => {
    const outcome = await storm(plan, folder, signal, say);
    say(describeOutcome(outcome));
    if (outcome.violations.length > 0) process.exitCode = 1;
  });
}

/**
 * Runs `work` in a folder that is removed afterwards, also after Ctrl-C, unless the folder was
 * named.
 */
async function inFolder(
  kept: string | undefined,
  work: (folder: string, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => interrupted.abort());
  if (kept !== undefined) await mkdir(kept, { recursive: true });
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'berth-storm-')));
  try {
    await work(folder, interrupted.signal);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    process.stderr.write('interrupted\n');
    process.exitCode = 130;
  } finally {
    if (kept === undefined) await rm(folder, { recursive: true, force: true });
  }
}

function readPlanOrExit(): Plan | 'help' | 'collisions' {
  try {
    return readPlan(process.argv.slice(2), 1 + Math.floor(Math.random() * SEEDS));
  } catch (error) {
    process.stderr.write(`storm: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

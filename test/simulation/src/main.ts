/** The simulator: runs seeds, counts, and shrinks the first failure it finds. */
import { generate } from './generate.js';
import { helpText, readOptions, type Options } from './options.js';
import type { Schedule } from './schedule.js';
import { shrink } from './shrink.js';
import { simulate, type Result } from './simulation.js';
import { noCounts, type Counts } from './counts.js';

const PROGRESS_MS = 2_000;
const LAST_LINES = 40;

const say = (text: string) => void process.stdout.write(`${text}\n`);

const options = readOptionsOrExit();
if (options === 'help') process.stdout.write(helpText);
else await run(options);

async function run({ from, seeds, skewMs, isVerbose }: Options): Promise<void> {
  say(
    `seeds ${from} to ${from + seeds - 1}${skewMs > 0 ? `, clocks off by up to ${skewMs} ms` : ''}`,
  );
  const startedAt = Date.now();
  const total = noCounts();
  let toldAt = startedAt;
  for (let seed = from; seed < from + seeds; seed += 1) {
    const schedule = generate(seed, { skewMs });
    const result = await witnessed(seed, () => simulate(schedule));
    add(total, result.counts);
    if (result.violation !== undefined) return fail(schedule, result, isVerbose);
    if (Date.now() - toldAt < PROGRESS_MS) continue;
    toldAt = Date.now();
    say(`seed ${seed}: ${total.requests} requests, ${total.kills} kills, no violation`);
  }
  const seconds = (Date.now() - startedAt) / 1_000;
  say(`${seeds} seeds in ${seconds.toFixed(1)} s, ${(seeds / seconds).toFixed(1)} a second`);
  say(
    Object.entries(total)
      .map(([what, count]) => `  ${what}: ${count}`)
      .join('\n'),
  );
  say('no violation');
}

async function fail(schedule: Schedule, { violation, trace }: Result, isVerbose: boolean) {
  if (violation === undefined) return;
  const { invariant, detail, atMs } = violation;
  say(`seed ${schedule.seed} violates: ${invariant}\n  ${detail}, after ${atMs / 1_000} s`);
  say(
    trace
      .last(isVerbose ? Infinity : LAST_LINES)
      .map((line) => `  ${line}`)
      .join('\n'),
  );
  say('shrinking ...');
  const shortest = await shrink(schedule, invariant);
  const again = await simulate(shortest);
  say(
    `the shortest schedule found, of ${schedule.acts.length} acts ${shortest.acts.length} are left:`,
  );
  say(JSON.stringify(shortest.setting));
  for (const act of shortest.acts) say(`  ${JSON.stringify(act)}`);
  say(`it ends with: ${again.violation?.detail}`);
  say(
    again.trace
      .last(isVerbose ? Infinity : LAST_LINES)
      .map((line) => `  ${line}`)
      .join('\n'),
  );
  say(
    `npm run simulate -- --seed ${schedule.seed}${schedule.setting.skewMs > 0 ? ` --skew-ms ${schedule.setting.skewMs}` : ''}`,
  );
  process.exitCode = 1;
}

/** An uncaught error would end a service, so it ends the simulation, and the seed is printed. */
async function witnessed(seed: number, run: () => Promise<Result>): Promise<Result> {
  const fall = (error: unknown) => {
    say(`seed ${seed}: nobody caught this`);
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  };
  process.once('unhandledRejection', fall).once('uncaughtException', fall);
  try {
    const result = await run();
    // Node reports an unhandled rejection only after a turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    return result;
  } finally {
    process.off('unhandledRejection', fall).off('uncaughtException', fall);
  }
}

function add(total: Counts, counts: Counts): void {
  for (const what of Object.keys(counts) as (keyof Counts)[]) total[what] += counts[what];
}

function readOptionsOrExit(): Options | 'help' {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`simulate: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

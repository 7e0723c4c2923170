/** Sends thousands of strange requests to a real gateway; prints its seed first. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FACES, type FuzzedFace } from './face.js';
import { describeFault, fuzz } from './fuzz.js';
import { samplesOf, type ApiDocument } from './operations.js';
import { helpText, readOptions, type Options } from './options.js';
import { Target } from './target.js';

const SEEDS = 1_000_000;

/** After this many requests to an API the heap has settled; from then on it may not grow. */
const WARM_UP = 2_000;
const GROWTH_MIB_MAX = 64;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const options = readOptionsOrExit();
if (options === 'help') say(helpText);
else await run(options);
process.exit();

async function run({ requests, seed, faces }: Options): Promise<void> {
  say(`seed ${seed}`);
  const folder = await mkdtemp(join(tmpdir(), 'berth-fuzz-'));
  const target = await Target.start(folder);
  try {
    for (const face of FACES.filter(({ name }) => faces.includes(name))) {
      if (!(await fuzzFace(target, face, requests, seed))) process.exitCode = 1;
    }
  } finally {
    await target.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function fuzzFace(target: Target, face: FuzzedFace, requests: number, seed: number) {
  const { port } = target;
  const document = (await (
    await fetch(`http://127.0.0.1:${port}/openapi.json`)
  ).json()) as ApiDocument;
  const samples = samplesOf(document, face);
  let settledMiB = 0;
  const memory: number[] = [];
  const onProgress = (done: number) => {
    if (done <= WARM_UP) settledMiB = target.memoryMiB;
    if (done % Math.ceil(requests / 10) < 500) memory.push(target.memoryMiB);
  };
  const startedAt = Date.now();
  const { outcomes, faults } = await fuzz({ port, face, samples, requests, seed, onProgress });
  const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1);
  say(`${face.name}: ${requests} requests to ${samples.length} routes in ${seconds} s`);
  say(
    `  ${Object.entries(outcomes)
      .map(([name, count]) => `${name}: ${count}`)
      .join(', ')}`,
  );
  for (const fault of faults) say(`  ${describeFault(fault)}`);
  const ended = target.endedBecause() ?? (await unwellBecause(port));
  if (ended !== null) say(`  ${ended}`);
  // The heap rises and is collected, so the minimum counts.
  const grownMiB = Math.min(...memory.slice(memory.length / 2)) - settledMiB;
  if (ended === null) say(`  memory (MiB) on the way: ${memory.join(' ')}`);
  const hasGrown = requests > WARM_UP && grownMiB > GROWTH_MIB_MAX;
  if (hasGrown) say(`  it grew by more than ${GROWTH_MIB_MAX} MiB`);
  return faults.length === 0 && ended === null && !hasGrown;
}

async function unwellBecause(port: number): Promise<string | null> {
  const { status } = await fetch(`http://127.0.0.1:${port}/readyz`);
  return status === 200 ? null : `afterwards it is not ready: status ${status}`;
}

function readOptionsOrExit(): Options | 'help' {
  try {
    return readOptions(process.argv.slice(2), 1 + Math.floor(Math.random() * SEEDS));
  } catch (error) {
    process.stderr.write(`fuzz: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

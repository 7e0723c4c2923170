/** Tries one break of the protocol after the other, and reports which test notices it. */
import { readFile, writeFile } from 'node:fs/promises';
import { mutations } from './catalogue/mutations.js';
import type { Mutation, Witness } from './mutation.js';
import { amended, NOTICED } from './noticed.js';
import { Workshop, type Testimony } from './workshop.js';

const say = (text: string) => void process.stdout.write(`${text}\n`);

const HELP = `npm run mutate -- [--list] [ID ...]

Tries each mutation, or those named, against the tests that ought to notice it, and writes into
${NOTICED} which test noticed which. Exit code 1: some survived; 2: a test fails without any
mutation, or could not be run.`;

const words = process.argv.slice(2);
const unknown = words.filter((word) => !word.startsWith('--') && !mutations.some(isNamed(word)));

if (words.includes('--help')) say(HELP);
else if (words.includes('--list')) for (const { id, breaks } of mutations) say(`${id}: ${breaks}`);
else if (unknown.length > 0) {
  process.stderr.write(`mutate: there is no mutation ${unknown.join(', ')}; see --list\n`);
  process.exitCode = 2;
} else
  await tryAll(words.length === 0 ? mutations : mutations.filter(({ id }) => words.includes(id)));

function isNamed(word: string) {
  return ({ id }: Mutation) => id === word;
}

async function tryAll(chosen: readonly Mutation[]): Promise<void> {
  const workshop = await Workshop.open();
  try {
    if (!(await areSound(workshop, chosen))) return;
    let survived = 0;
    for (const mutation of chosen) {
      const testimony = await workshop.with(mutation, () => asked(workshop, mutation.witnesses));
      say(line(mutation, testimony));
      if (testimony.kind === 'broken') process.exitCode = 2;
      if (testimony.kind === 'nothing') survived += 1;
      await note(mutation, testimony);
    }
    say(`${chosen.length} mutations, ${survived} survived`);
    if (survived > 0) process.exitCode = 1;
  } finally {
    await workshop.close();
  }
}

/** A mutation that no test noticed, or that could not be tried, loses its line in the list. */
async function note({ id }: Mutation, testimony: Testimony): Promise<void> {
  const by = testimony.kind === 'noticed' ? testimony.by : undefined;
  await writeFile(NOTICED, amended(await readFile(NOTICED, 'utf8'), id, by));
}

/** A test that fails without a mutation proves nothing. */
async function areSound(workshop: Workshop, chosen: readonly Mutation[]): Promise<boolean> {
  say('the tests, without a mutation');
  const testimony = await asked(
    workshop,
    chosen.flatMap(({ witnesses }) => witnesses),
  );
  if (testimony.kind === 'nothing') return true;
  say(`they do not pass by themselves: ${JSON.stringify(testimony)}`);
  process.exitCode = 2;
  return false;
}

/** Runs whole spec files first, in one go; then tests that are picked by name. */
async function asked(workshop: Workshop, witnesses: readonly Witness[]): Promise<Testimony> {
  const whole = new Set(
    witnesses.filter(({ named }) => named === undefined).map((one) => one.spec),
  );
  const first: Testimony = whole.size === 0 ? { kind: 'nothing' } : await workshop.ask([...whole]);
  if (first.kind !== 'nothing') return first;
  const picked = new Map(witnesses.map((one) => [`${one.spec} ${one.named}`, one]));
  for (const { spec, named } of picked.values()) {
    if (named === undefined) continue;
    const testimony = await workshop.ask([spec], named);
    if (testimony.kind !== 'nothing') return testimony;
  }
  return first;
}

function line({ id, breaks }: Mutation, testimony: Testimony): string {
  switch (testimony.kind) {
    case 'noticed':
      return `${id}: noticed by "${testimony.by}"`;
    case 'nothing':
      return `${id}: SURVIVED (${breaks})`;
    case 'broken':
      return `${id}: could not be tried: ${testimony.reason}`;
    default:
      return testimony satisfies never;
  }
}

/** Tries one break of the protocol after the other, and reports which test notices it. */
import { writeFile } from 'node:fs/promises';
import { mutations } from './catalogue/mutations.js';
import type { Mutation, Witness } from './mutation.js';
import { listOf, NOTICED, type Noticed } from './noticed.js';
import { Workshop, type Testimony } from './workshop.js';

const say = (text: string) => void process.stdout.write(`${text}\n`);

const HELP = `npm run mutate -- [--list] [ID ...]

Tries each mutation, or those named, against the tests that ought to notice it; after all of them
${NOTICED} lists which test noticed which. Exit code 1: some survived; 2: a test fails without any
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
    const survivors: Mutation[] = [];
    const noticed: Noticed[] = [];
    for (const mutation of chosen) {
      const testimony = await workshop.with(mutation, () => asked(workshop, mutation.witnesses));
      say(line(mutation, testimony));
      if (testimony.kind === 'broken') process.exitCode = 2;
      if (testimony.kind === 'nothing') survivors.push(mutation);
      if (testimony.kind === 'noticed') noticed.push({ mutation, by: testimony.by });
    }
    if (noticed.length === mutations.length) await writeFile(NOTICED, listOf(noticed));
    say(`${chosen.length} mutations, ${survivors.length} survived`);
    if (survivors.length > 0) process.exitCode = 1;
  } finally {
    await workshop.close();
  }
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
  const cheap = new Set<string>();
  const picked = new Map<string, string>();
  for (const { spec, named } of witnesses) {
    if (named === undefined) cheap.add(spec);
    else picked.set(spec, named);
  }
  const first: Testimony = cheap.size === 0 ? { kind: 'nothing' } : await workshop.ask([...cheap]);
  if (first.kind !== 'nothing') return first;
  for (const [spec, named] of picked) {
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

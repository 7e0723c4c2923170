import { Choices } from '#audit';
import type { Choice } from '#http-api';
import type { SeededRandom } from '#memory';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Violation } from './inspector.js';
import { REGION } from './play.js';
import { readStoredLog } from './stored-log.js';

/** So many claims of a storm, drawn at random, are asked why they took their slots. */
const ASKED_MAX = 1_000;

/** Computes anew why claims took their slots, as `berth audit why` does, but reads the log once for all. */
export async function recompute(
  connection: NatsConnection,
  claims: readonly number[],
  random: SeededRandom,
): Promise<readonly Choice[]> {
  const asked = drawn(claims, random);
  const answers: Choice[] = [];
  const choices = new Choices(
    (_, sequence) => asked.has(sequence),
    (choice) => answers.push(choice),
  );
  for await (const { subject, sequence, record } of readStoredLog(connection, REGION)) {
    // The inspector tells of what cannot be read.
    if (record !== null) choices.take({ kind: 'recorded', subject, sequence, record });
  }
  choices.finish();
  return answers;
}

/** How many were recomputed the same, and how many not. */
export function verdictsOf(choices: readonly Choice[]): ReadonlyMap<string, number> {
  const verdicts = ['same', 'explained', 'different', 'unknown'];
  const counts = new Map(verdicts.map((verdict) => [verdict, 0]));
  for (const { verdict } of choices) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return counts;
}

/** Choices that nothing explains. */
export function unexplained(choices: readonly Choice[]): readonly Violation[] {
  return choices
    .filter(({ verdict }) => verdict === 'different')
    .map(({ allocationId, slot, sequence, recorded, reasons }) => ({
      kind: 'different',
      text:
        `${allocationId} got ${slot} at ${sequence}, its allocator having read to ` +
        `${recorded?.readTo ?? 'nobody knows where'}: ${reasons.join('; ')}`,
    }));
}

function drawn(sequences: readonly number[], random: SeededRandom): ReadonlySet<number> {
  const left = [...sequences];
  const some = new Set<number>();
  while (some.size < ASKED_MAX && left.length > 0) {
    const at = Math.floor(random.fraction() * left.length);
    some.add(left[at] ?? 0);
    left[at] = left.at(-1) ?? 0;
    left.pop();
  }
  return some;
}

import { Choices } from '#audit';
import type { Choice } from '#http-api';
import { describe, expect, it } from '@jest/globals';
import { generate } from './generate.js';
import { simulate } from './simulation.js';

/** Choices of several allocators, while these are killed, frozen and cut off. */
const WANTED = 1_000;

async function choicesOf(seed: number): Promise<readonly Choice[]> {
  const { log, violation } = await simulate(generate(seed, { skewMs: 0 }));
  expect(violation).toBeUndefined();
  const found: Choice[] = [];
  const choices = new Choices(
    () => true,
    (choice) => found.push(choice),
  );
  for (const item of log) choices.take(item);
  choices.finish();
  return found.filter(hasGrounds);
}

/** Some of the simulated allocators are of a version that recorded none. */
const hasGrounds = ({ recorded }: Choice) => recorded !== null;

describe("Choices of allocators that get in each other's way", () => {
  it('are recomputed the same, or differ for a reason that is told', async () => {
    const all: Choice[] = [];
    for (let seed = 1; all.length < WANTED; seed += 1) all.push(...(await choicesOf(seed)));
    const of = (verdict: Choice['verdict']) => all.filter((choice) => choice.verdict === verdict);
    expect([of('different'), of('unknown')]).toEqual([[], []]);
    for (const { reasons } of of('explained')) expect(reasons.length).toBeGreaterThan(0);
    expect(of('same').length).toBeGreaterThan(0.8 * all.length);
    expect(of('explained').length).toBeGreaterThan(0);
  }, 300_000);

  it('are told to be different where another choice was recorded', async () => {
    const { log } = await simulate(generate(1, { skewMs: 0 }));
    const found: Choice[] = [];
    const choices = new Choices(
      () => true,
      (choice) => found.push(choice),
    );
    for (const item of log) {
      if (item.kind !== 'recorded' || item.record.event.type !== 'AllocationRequested') {
        choices.take(item);
        continue;
      }
      const { event } = item.record;
      const grounds = event.grounds && { ...event.grounds, fitted: 99 };
      const forged = { ...event, ...(grounds && { grounds }) };
      choices.take({ ...item, record: { ...item.record, event: forged } });
    }
    choices.finish();
    const verdicts = found.filter(hasGrounds).map(({ verdict }) => verdict);
    expect(new Set(verdicts)).toEqual(new Set(['different']));
  }, 60_000);
});

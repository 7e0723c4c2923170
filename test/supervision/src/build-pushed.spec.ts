import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Machine } from './machine.js';
import { Operator, peakMiBOf, type Said } from './operator.js';
import { LARGE, PushedBuild } from './pushed-build.js';

/**
 * Set `BERTH_TEST_BUILD_MIB=200` for the size of a real game; then the time and memory used are
 * printed.
 */
const MIB = Number(process.env['BERTH_TEST_BUILD_MIB'] ?? 20);
const WITHIN_MS = 30_000 + 1_000 * MIB;

describe(`A build of ${MIB} MiB that is pushed`, () => {
  const machine = new Machine(1, {}, ['one', 'two']);
  const build = new PushedBuild(machine, MIB);
  let operator: Operator;
  let pushed: Said;

  beforeAll(async () => {
    await machine.start();
    operator = await Operator.at(machine);
    pushed = await build.push(operator);
  }, WITHIN_MS);
  afterAll(() => machine.close(), 60_000);

  const expectWhole = (agent: string) =>
    expect(digestOf(build.fileOf(agent))).toBe(digestOf(join(build.source, LARGE)));

  it('shows its progress', () => {
    expect(pushed.told).toContain('reading 100%');
    expect(pushed.told.match(/^sending \d+%$/gm)?.length).toBeGreaterThan(1);
    expect(pushed.told).toContain('sending 100%');
    expect(pushed.printed).toContain('local.harbour is at version 1: 2 files');
    show('push', `${pushed.ms} ms, at most ${pushed.peakMiB} MiB`, pushed.told);
  });

  it(
    'is fetched completely by all agents',
    async () => {
      const began = performance.now();
      await build.run(operator);
      await build.running(2);
      const ms = Math.round(performance.now() - began);
      expectWhole('one');
      expectWhole('two');
      const peaks = ['one', 'two'].map((agent) => peakMiBOf(machine.pidOf(agent)));
      show('on both', `${ms} ms, agents at most ${peaks.join(' and ')} MiB`);
    },
    WITHIN_MS,
  );

  it(
    'is refused by its digest if a file was damaged, and is fetched again',
    async () => {
      const slot = [...machine.slots].find(([name]) => name.includes('.two'))?.[1];
      const before = slot?.state.context.process?.pid ?? 0;
      await machine.killAgent('two');
      await damage(build.fileOf('two'));
      const began = performance.now();
      process.kill(before, 'SIGKILL');
      machine.startAgent('two', { BERTH_BUILDS_VERIFY: 'full' });
      await machine.until(() => (slot?.state.context.process?.pid ?? before) !== before);
      await machine.whenAllWarm();
      const ms = Math.round(performance.now() - began);
      expectWhole('two');
      expect(machine.printed('two')).toContain('refused a damaged file of a build');
      expect(machine.printed('two')).toContain('repaired a damaged build');
      expect(machine.printed('one')).not.toContain('damaged');
      show('found and fetched again, with the start of the agent', `${ms} ms`);
    },
    WITHIN_MS,
  );
});

/** Damages a file like a disk error: size and times stay the same. */
async function damage(path: string): Promise<void> {
  const { atime, mtime } = statSync(path);
  chmodSync(path, 0o644);
  const file = await open(path, 'r+');
  await file.write('x', 4_096);
  await file.close();
  utimesSync(path, atime, mtime);
}

function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function show(...lines: readonly string[]): void {
  if (process.env['BERTH_TEST_BUILD_MIB']) process.stdout.write(`${lines.join(': ')}\n`);
}

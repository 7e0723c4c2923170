import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { Machine } from './machine.js';
import { Operator } from './operator.js';
import { LARGE, PushedBuild } from './pushed-build.js';

const MIB = 64;

describe('An agent that is killed while it fetches a build', () => {
  const machine = new Machine(1);
  const build = new PushedBuild(machine, MIB);
  const files = join(machine.data, 'builds', 'files');
  const halves = () => readdirSync(files).filter((name) => name.endsWith('.new'));
  const bytesOf = (name: string) =>
    statSync(join(files, name), { throwIfNoEntry: false })?.size ?? 0;
  const pid = () => [...machine.slots.values()][0]?.state.context.process?.pid ?? 0;

  beforeAll(async () => {
    await machine.start();
    const operator = await Operator.at(machine);
    await build.push(operator);
    const half = halfFetched();
    await build.run(operator);
    await half;
    await machine.killAgent();
  }, 60_000);
  afterAll(() => machine.close(), 60_000);

  /** Resolves when a part of the large file has arrived. */
  function halfFetched(): Promise<void> {
    return new Promise((resolve) => {
      const watcher = watch(files, () => {
        if (!halves().some((name) => bytesOf(name) > 1024 * 1024)) return;
        watcher.close();
        resolve();
      });
    });
  }

  it('leaves a partial file, and the running game', () => {
    const [half = ''] = halves();
    expect(bytesOf(half)).toBeGreaterThan(0);
    expect(bytesOf(half)).toBeLessThan(MIB * 1024 * 1024);
    expect(existsSync(`/proc/${pid()}`)).toBe(true);
  });

  it('fetches the build completely when it is back, and leaves no partial file', async () => {
    machine.startAgent();
    await build.running(1);
    expect(halves()).toEqual([]);
    const { size } = statSync(build.fileOf('agent'));
    expect(size).toBe(statSync(join(build.source, LARGE)).size);
    expect([...machine.slots.values()][0]?.events.map(({ type }) => type)).not.toContain('Crashed');
  }, 60_000);
});

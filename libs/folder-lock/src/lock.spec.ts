import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { acquireLock, LockHeld } from './index.js';

const BUILT = resolve('dist/libs/folder-lock/src/index.js');

/** Takes each lock whose path it reads, keeps it, and prints the outcome. */
const STARTER = `
import { createInterface } from 'node:readline';
const { acquireLock } = await import(process.argv[1]);
console.log('up');
for await (const path of createInterface({ input: process.stdin })) {
  console.log(await acquireLock(path).then(() => 'held', ({ name }) => name));
}
`;

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-lock-'));
  path = join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('A lock', () => {
  it('is refused while its holder runs, and goes to the next after it was released', async () => {
    const giveUp = await acquireLock(path);
    await expect(acquireLock(path)).rejects.toMatchObject({ name: 'LockHeld', pid: process.pid });
    giveUp();
    giveUp();
    const again = await acquireLock(path);
    await expect(acquireLock(path)).rejects.toThrow(LockHeld);
    again();
  });

  it('is taken over from a process that is gone, even if its id is in use again', async () => {
    await symlink(`${process.pid} long ago`, path);
    await acquireLock(path);
    expect(await readdir(folder)).toEqual(['lock.1']);
    expect(await readlink(`${path}.1`)).toMatch(new RegExp(`^${process.pid} \\d+$`));
  });

  it('of an earlier version is respected', async () => {
    const giveUp = await acquireLock(`${path}-self`);
    await symlink(await readlink(`${path}-self.1`), path);
    giveUp();
    await expect(acquireLock(path)).rejects.toThrow(LockHeld);
  });
});

describe('Of many processes that start at once', () => {
  const starters: ChildProcessByStdio<Writable, Readable, null>[] = [];
  const said: AsyncIterator<string>[] = [];

  beforeEach(async () => {
    for (let count = 0; count < 6; count += 1) {
      const starter = spawn(process.execPath, ['--input-type=module', '-e', STARTER, BUILT], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      starters.push(starter);
      said.push(createInterface({ input: starter.stdout })[Symbol.asyncIterator]());
    }
    await answers();
  });

  afterEach(async () => {
    said.length = 0;
    for (const starter of starters.splice(0)) {
      starter.kill('SIGKILL');
      await once(starter, 'exit');
    }
  });

  async function answers(): Promise<readonly string[]> {
    return Promise.all(said.map(async (lines) => (await lines.next()).value as string));
  }

  it.each(['nobody', 'a dead process'])('one takes the lock held by %s', async (holder) => {
    for (let round = 0; round < 100; round += 1) {
      const lock = join(folder, `lock-${round}`);
      if (holder !== 'nobody') await symlink('1 long ago', lock);
      for (const { stdin } of starters) stdin.write(`${lock}\n`);
      const outcomes = await answers();
      expect(outcomes.toSorted()).toEqual([...Array<string>(5).fill('LockHeld'), 'held']);
    }
  });
});

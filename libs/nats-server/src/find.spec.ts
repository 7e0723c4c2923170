import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { carriedPlatform, copyRunnable } from './carried.js';
import { NatsServerNotFound } from './errors.js';
import { findNatsServer } from './find.js';

const elsewhere = 'sunos-sparc';
const isCarried = `${process.platform}-${process.arch}` === carriedPlatform;
const onCarriedPlatform = isCarried ? it : it.skip;
const why = isCarried ? '' : ` (skipped: npm has none but for ${carriedPlatform})`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-find-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Installs a program that answers `--version` with this line; returns its folder. */
async function install(name: string, answer: string): Promise<string> {
  const directory = join(folder, name);
  await mkdir(directory);
  await writeFile(join(directory, 'nats-server'), `#!/bin/sh\necho '${answer}'\n`, { mode: 0o755 });
  return directory;
}

describe('Looking for a nats-server', () => {
  it('takes the first on PATH that is new enough', async () => {
    const old = await install('old', 'nats-server: v2.10.29');
    const recent = await install('recent', 'nats-server: v2.12.1');
    const PATH = ['', join(folder, 'missing'), old, recent].join(delimiter);
    expect(await findNatsServer({ PATH }, elsewhere)).toEqual({
      path: join(recent, 'nats-server'),
      version: '2.12.1',
      origin: 'path',
    });
  });

  it('prefers the one that NATS_SERVER names', async () => {
    const PATH = await install('recent', 'nats-server: v2.12.1');
    const named = join(await install('named', 'nats-server: v2.15.0-RC.1'), 'nats-server');
    expect(await findNatsServer({ PATH, NATS_SERVER: named }, elsewhere)).toEqual({
      path: named,
      version: '2.15.0-RC.1',
      origin: 'path',
    });
  });

  it('looks nowhere else if the one that NATS_SERVER names cannot be used', async () => {
    const PATH = await install('recent', 'nats-server: v2.12.1');
    const named = join(folder, 'missing');
    await expect(findNatsServer({ PATH, NATS_SERVER: named })).rejects.toMatchObject({
      name: 'NatsServerNotFound',
      tried: [expect.stringContaining(`NATS_SERVER names ${named}`)],
    });
  });

  onCarriedPlatform(`passes an old one on PATH over for the one from npm${why}`, async () => {
    const PATH = await install('old', 'nats-server: v2.9.10');
    const found = await findNatsServer({ PATH });
    expect(found).toMatchObject({ origin: 'npm', version: '2.11.6' });
  });

  it('says what was tried and what to do if there is none', async () => {
    const old = await install('old', 'nats-server: v2.9.10');
    const strange = await install('strange', 'hello');
    const PATH = [old, strange].join(delimiter);
    const failure = await findNatsServer({ PATH }, elsewhere).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NatsServerNotFound);
    const { message, tried } = failure as NatsServerNotFound;
    expect(tried).toEqual([
      `${join(old, 'nats-server')}, which is 2.9.10: older than 2.11.0`,
      expect.stringContaining(join(strange, 'nats-server')),
      expect.stringContaining(`is for ${carriedPlatform}, not for ${elsewhere}`),
    ]);
    expect(message).toContain('Install nats-server 2.11.0 or newer');
    expect(message).toContain('NATS_URL');
  });

  it('says so if there is none on PATH', async () => {
    await expect(findNatsServer({}, elsewhere)).rejects.toMatchObject({
      tried: ['there is no nats-server on PATH', expect.anything()],
    });
  });
});

describe('A copy of a binary that cannot be made executable in place', () => {
  it('is executable, and is made once', async () => {
    const binary = join(folder, 'nats-server');
    await writeFile(binary, '#!/bin/sh\n', { mode: 0o444 });
    const cache = join(folder, 'cache');
    const copy = await copyRunnable(binary, cache);
    const { mode, ino } = await stat(copy);
    expect(mode & 0o777).toBe(0o755);
    expect(await copyRunnable(binary, cache)).toBe(copy);
    expect((await stat(copy)).ino).toBe(ino);
  });

  it('is not searched in a folder that others can write to', async () => {
    const cache = join(folder, 'open');
    await mkdir(cache);
    await chmod(cache, 0o777);
    const binary = join(folder, 'nats-server');
    await writeFile(binary, '');
    await expect(copyRunnable(binary, cache)).rejects.toThrow('only this user can write to');
  });
});

import { ManualClock, MemoryBuildFiles } from '#memory';
import { createLogger, SystemClock } from '#service-runtime';
import { encodeJson, type Progress } from '#wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import {
  chmod,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiskBuilds, type DiskBuildsSettings } from './disk-builds.js';
import {
  aConfiguration,
  digestOf,
  inPieces,
  push,
  TestCatalogue,
} from '../../test/support/builds.js';

/** Records which digests are fetched. */
class CountedFiles extends MemoryBuildFiles {
  readonly fetched: string[] = [];

  override get(digest: string, progress?: Progress) {
    this.fetched.push(digest);
    return super.get(digest, progress);
  }
}

/** Lets time pass between two pieces of a file. */
class SlowFiles extends MemoryBuildFiles {
  constructor(private readonly pass: () => void) {
    super();
  }

  override async *get(digest: string, progress?: Progress) {
    for await (const whole of super.get(digest, progress)) {
      yield whole.subarray(0, 1);
      this.pass();
      yield whole.subarray(1);
    }
  }
}

const GAME = '#!/bin/sh\nexit 0\n';

describe('The builds on a machine', () => {
  let data: string;
  let store: CountedFiles;
  let catalogue: TestCatalogue;
  const clock = new SystemClock();
  const logger = createLogger('agent', 'silent');

  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'berth-builds-'));
    store = new CountedFiles();
    catalogue = new TestCatalogue();
    catalogue.learnBuild('duel', await push(store, 1, { 'bin/game': GAME, 'map/a': 'aaaa' }));
    catalogue.learnBuild('duel', await push(store, 2, { 'bin/game': GAME, 'map/a': 'bbbb' }));
  });

  afterEach(() => rm(data, { recursive: true, force: true }));

  const open = (changes: Partial<DiskBuildsSettings> = {}) => {
    const settings = {
      folder: data,
      bytesMax: 1e9,
      fetchMs: 10_000,
      verify: 'quick' as const,
      groups: null,
    };
    return DiskBuilds.open({ ...settings, ...changes }, { catalogue, files: store, clock, logger });
  };
  const version = (number: number) =>
    aConfiguration({ build: { name: 'duel', version: number }, executable: 'bin/game' });
  const trees = async () =>
    (await readdir(join(data, 'trees'))).filter((name) => !name.includes('.'));

  it('are fetched into a folder of their own, with executable files marked as executable', async () => {
    const { executable, folder } = await (await open()).install(version(1));
    expect(executable).toBe(join(folder ?? '', 'bin/game'));
    expect((await stat(executable)).mode & 0o777).toBe(0o555);
    expect(await readFile(join(folder ?? '', 'map/a'), 'utf8')).toBe('aaaa');
  });

  it('share the files that they have in common', async () => {
    const builds = await open();
    const first = await builds.install(version(1));
    const second = await builds.install(version(2));
    expect((await stat(first.executable)).ino).toBe((await stat(second.executable)).ino);
    expect(store.fetched.filter((digest) => digest === digestOf(GAME))).toHaveLength(1);
  });

  it('are fetched once for all that wait for them', async () => {
    const builds = await open();
    const many = await Promise.all([1, 1, 2, 1].map((number) => builds.install(version(number))));
    expect(new Set(many.map(({ folder }) => folder)).size).toBe(2);
    expect(store.fetched).toHaveLength(new Set(store.fetched).size);
  });

  it('are not fetched again after a restart of the agent', async () => {
    await (await open()).install(version(1));
    const before = store.fetched.length;
    await (await open()).install(version(1));
    expect(store.fetched).toHaveLength(before);
  });

  it('refuse a damaged file and fetch it again', async () => {
    const { folder } = await (await open()).install(version(1));
    const path = join(folder ?? '', 'map/a');
    await chmod(path, 0o644);
    await writeFile(path, 'xxxx');
    await (await open()).install(version(1));
    expect(await readFile(path, 'utf8')).toBe('aaaa');
    expect(store.fetched.filter((digest) => digest === digestOf('aaaa'))).toHaveLength(2);
  });

  it('are read completely on request', async () => {
    const { folder } = await (await open()).install(version(1));
    const path = join(folder ?? '', 'map/a');
    const { atime, mtime } = await stat(path);
    await chmod(path, 0o644);
    await writeFile(path, 'xxxx');
    await utimes(path, atime, mtime);
    await (await open({ verify: 'full' })).install(version(1));
    expect(await readFile(path, 'utf8')).toBe('aaaa');
  });

  it('are not taken from a store that is damaged', async () => {
    store.damage(digestOf('aaaa'));
    const builds = await open();
    await expect(builds.install(version(1))).rejects.toThrow(/duel@1 could not be fetched.*digest/);
    expect((await readdir(join(data, 'files'))).some((name) => name.includes('.new'))).toBe(false);
    await push(store, 1, { 'map/a': 'aaaa' });
    await builds.install(version(1));
  });

  it('are refused, and the error says what is wrong', async () => {
    const builds = await open();
    const fails = (changes: object) =>
      expect(builds.install({ ...version(1), ...changes })).rejects;
    await fails({ executable: 'bin/none' }).toThrow('there is no executable bin/none');
    await fails({ executable: '../x' }).toThrow('not among the files');
    await fails({ build: null, executable: '/nowhere/game' }).toThrow('no executable');
    await fails({ build: { name: 'duel', version: 9 } }).toThrow('duel@9 is not known');
  });

  it('are removed when no slot needs them and there are too many', async () => {
    const builds = await open({ bytesMax: GAME.length + 4 });
    builds.keep('1', [{ name: 'duel', version: 1 }]);
    const first = await builds.install(version(1));
    const second = await builds.install(version(2));
    expect(await trees()).toHaveLength(2);
    builds.keep('1', [{ name: 'duel', version: 2 }]);
    while (existsSync(first.folder ?? '')) await new Promise((resolve) => setImmediate(resolve));
    expect(existsSync(second.executable)).toBe(true);
    await builds.install(version(1));
    expect(await trees()).toHaveLength(2);
  });

  it('are given up after the time limit, and leave nothing behind', async () => {
    const time = new ManualClock();
    const slow = new SlowFiles(() => time.advance(6_000));
    catalogue.learnBuild('duel', await push(slow, 1, { 'bin/game': GAME, 'map/a': 'aaaa' }));
    const settings = { folder: data, bytesMax: 1e9, verify: 'quick' as const, groups: null };
    const within = (fetchMs: number) =>
      DiskBuilds.open({ ...settings, fetchMs }, { catalogue, files: slow, clock: time, logger });
    // The manifest takes six seconds, and so does each file.
    for (const fetchMs of [5_000, 10_000]) {
      const late = (await within(fetchMs)).install(version(1));
      await expect(late).rejects.toThrow('duel@1 could not be fetched: it was not fetched in time');
      expect(await trees()).toEqual([]);
      expect((await readdir(join(data, 'files'))).some((name) => name.endsWith('.new'))).toBe(
        false,
      );
    }
    await (await within(60_000)).install(version(1));
  });

  it('are not fetched if the disk has too little room for them', async () => {
    const size = Number.MAX_SAFE_INTEGER;
    const files = [{ path: 'bin/game', size, mode: 0o755, digest: digestOf(GAME) }];
    const text = encodeJson({ files });
    await store.put(digestOf(text), inPieces(text));
    const huge = { version: 3, manifest: digestOf(text), files: 1, bytes: size, at: 0, by: '' };
    catalogue.learnBuild('duel', huge);
    await expect((await open()).install(version(3))).rejects.toThrow(/the disk has \d+ bytes free/);
    expect(store.fetched).toEqual([digestOf(text)]);
  });

  it('are refused if the disk fills up halfway, and fetched once it has room again', async () => {
    const { folder } = await (await open()).install(version(1));
    const path = join(folder ?? '', 'map/a');
    await rm(path);
    await rm(join(data, 'files', `${digestOf('aaaa')}-555`));
    const builds = await open();
    // The kernel's own full device takes the place of the file that is written.
    await symlink('/dev/full', join(data, 'files', `${digestOf('aaaa')}-555.new`));
    await expect(builds.install(version(1))).rejects.toThrow(
      'duel@1 could not be fetched: one of its files failed: the disk is full',
    );
    await builds.install(version(1));
    expect(await readFile(path, 'utf8')).toBe('aaaa');
  });

  it('leave nothing behind after an interrupted fetch', async () => {
    await open();
    await writeFile(join(data, 'files', 'abc-555.new'), 'half');
    await open();
    expect(await readdir(join(data, 'files'))).toEqual([]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chownSync, linkSync, lstatSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder, readOwn, removeIn, replaceIn, writeInto } from './game-files.js';

/** No other process of the machine runs as this user. */
const USER = 201_000;

const isRoot = process.geteuid?.() === 0;
const asRoot = isRoot ? describe : describe.skip;

asRoot(`Files in a game's folder${isRoot ? '' : ' (not tried: needs root)'}`, () => {
  let home: string;
  let secret: string;

  beforeEach(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'berth-files-'));
    home = join(folder, 'home');
    mkdirSync(home);
    chownSync(home, USER, USER);
    secret = join(folder, 'secret');
    await writeFile(secret, 'of the machine');
  });
  afterEach(() => rm(join(home, '..'), { recursive: true, force: true }));

  const server = () => join(home, 'server.json');
  const file = { mode: 0o640, user: USER };

  it("are the game user's, and keep their inode when they change", () => {
    writeInto(server(), 'one', USER);
    const { ino, uid, mode } = statSync(server());
    writeInto(server(), 'longer than before', USER);
    writeInto(server(), 'two', USER);
    expect(readFileSync(server(), 'utf8')).toBe('two');
    expect([statSync(server()).ino, uid, mode & 0o777]).toEqual([ino, USER, 0o600]);
  });

  it.each([
    ['symbolic link', () => symlink(secret, server())],
    ['second name', async () => linkSync(secret, server())],
  ])('replace a %s to a file of the machine', async (_, lay) => {
    await lay();
    writeInto(server(), 'told', USER);
    expect(readFileSync(secret, 'utf8')).toBe('of the machine');
    expect(readFileSync(server(), 'utf8')).toBe('told');
    expect(lstatSync(server()).isFile()).toBe(true);
  });

  it('are not read through a link', async () => {
    await symlink(secret, server());
    expect(readOwn(server(), USER)).toBeNull();
  });

  it('are written in folders that are made, with the permissions asked for', () => {
    replaceIn(home, ['config', 'session.ini'], 'mode=ctf', file);
    const { uid, mode } = statSync(join(home, 'config', 'session.ini'));
    expect([uid, mode & 0o777, statSync(join(home, 'config')).uid]).toEqual([USER, 0o640, USER]);
    removeIn(home, ['config', 'session.ini'], USER);
    expect(() => statSync(join(home, 'config', 'session.ini'))).toThrow('ENOENT');
  });

  it('are neither written nor removed in a folder that a link leads to', async () => {
    await symlink(join(home, '..'), join(home, 'config'));
    expect(() => replaceIn(home, ['config', 'secret'], 'x', file)).toThrow();
    expect(() => removeIn(home, ['config', 'secret'], USER)).toThrow();
    expect(readFileSync(secret, 'utf8')).toBe('of the machine');
    expect(await readdir(join(home, '..'))).toEqual(['home', 'secret']);
  });

  it('include folders, which replace a link', async () => {
    await symlink(join(home, '..'), join(home, 'logs'));
    makeFolder(join(home, 'logs'), USER);
    expect(lstatSync(join(home, 'logs')).isDirectory()).toBe(true);
    expect(statSync(join(home, '..')).uid).toBe(0);
  });
});

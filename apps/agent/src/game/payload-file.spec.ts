import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removePayload } from './payload-file.js';

/** No other process of the machine runs as this user. Files can be another user's only for root. */
const USERS = process.geteuid?.() === 0 ? [null, 201_000] : [null];

describe.each(USERS)('A payload file of games that run as user %s', (user) => {
  let home: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'berth-payload-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  const remove = (path: string) =>
    removePayload({ path, mode: '0600', template: null }, { home, user });

  it('is removed', async () => {
    await writeFile(join(home, 'session.ini'), '');
    await remove('session.ini');
    expect(existsSync(join(home, 'session.ini'))).toBe(false);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['was never written', async () => undefined],
    ['has a file for its folder', () => writeFile(join(home, 'config'), '')],
    ['has a link for its folder', () => symlink('config', join(home, 'config'))],
    ['is a folder', () => mkdir(join(home, 'config', 'session.ini'), { recursive: true })],
  ])('does not keep the slot from its next session if it %s', async (_, lay) => {
    await lay();
    await expect(remove('config/session.ini')).resolves.toBeUndefined();
    await expect(remove(join(home, 'config/session.ini'))).resolves.toBeUndefined();
  });
});

import { ManualClock } from '#memory';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mintToken } from './access-token.js';
import { REREAD_MS } from './follow-file.js';
import { TokenFileInvalid, changeTokens, followTokens, readTokens } from './token-file.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-token-file-'));
  path = join(folder, 'tokens.json');
});
afterEach(() => rm(folder, { recursive: true }));

const { token } = mintToken({ name: 'one', scopes: ['audit'] }, randomBytes, 0);

describe('A file of tokens', () => {
  it('is created with access for its owner only, and leaves no temporary files', async () => {
    await changeTokens(path, () => [token]);
    expect(await readTokens(path)).toEqual([token]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['tokens.json']);
  });

  it('keeps its permissions', async () => {
    await changeTokens(path, () => [token]);
    await chmod(path, 0o640);
    await changeTokens(path, () => []);
    expect((await stat(path)).mode & 0o777).toBe(0o640);
  });

  it('is changed by one writer at a time', async () => {
    const changes = Array.from({ length: 4 }, () => changeTokens(path, (tokens) => tokens));
    const failed = (await Promise.allSettled(changes)).filter(
      ({ status }) => status === 'rejected',
    );
    expect(failed.length).toBeLessThan(4);
    await changeTokens(path, () => [token]);
    await writeFile(`${path}.new`, '');
    await expect(changeTokens(path, () => [])).rejects.toThrow('is being changed by somebody else');
    expect(await readTokens(path)).toEqual([token]);
  });

  it('is not changed if it is invalid', async () => {
    await writeFile(path, 'mine');
    await expect(changeTokens(path, () => [token])).rejects.toThrow(TokenFileInvalid);
    await expect(readTokens(path)).rejects.toThrow('is broken: it is not JSON');
    expect(await readdir(folder)).toEqual(['tokens.json']);
  });

  it('is followed while it is invalid, which is reported once', async () => {
    const clock = new ManualClock();
    const told: string[] = [];
    let heard = () => undefined as void;
    const hear = (what: string) => {
      told.push(what);
      heard();
    };
    const next = () =>
      new Promise<void>((resolve) => {
        heard = resolve;
        clock.advance(REREAD_MS);
      });
    await changeTokens(path, () => [token]);
    const stop = await followTokens(path, {
      clock,
      changed: (tokens) => hear(`${tokens.length} tokens`),
      broken: () => hear('broken'),
    });
    await writeFile(path, '');
    await next();
    await rm(path);
    await next();
    await changeTokens(path, () => []);
    await next();
    stop();
    expect(told).toEqual(['1 tokens', 'broken', 'broken', '0 tokens']);
  });
});

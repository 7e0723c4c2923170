import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { masterKeysIn } from './master-key.js';

describe('The file of master keys', () => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-master-keys-'));
  const file = join(folder, 'master.keys');
  const [old, next] = [7, 8].map((byte) => Buffer.alloc(32, byte));
  const write = (...keys: readonly (Buffer | undefined)[]) =>
    writeFileSync(file, keys.map((key) => `${key?.toString('base64')}\n`).join(''));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read again, and what was read stays valid if it breaks', () => {
    const warnings: string[] = [];
    write(old);
    const keys = masterKeysIn(file, (says) => warnings.push(says));
    expect(keys()).toEqual([old]);
    write(next, old);
    expect(keys()).toEqual([next, old]);
    for (const broken of ['', 'abc\n', `${next?.toString('base64')}\nabc\n`]) {
      writeFileSync(file, broken);
      expect(keys()).toEqual([next, old]);
    }
    expect(warnings).toHaveLength(3);
    expect(() => masterKeysIn(file, () => undefined)).toThrow(
      'must have 32 in base64 on each line',
    );
    expect(masterKeysIn(undefined, () => undefined)()).toEqual([]);
  });
});

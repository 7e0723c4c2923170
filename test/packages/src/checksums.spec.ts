import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeChecksums } from './checksums.js';

let folder: string;
let packed: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-checksums-'));
  packed = join(folder, 'packed');
  await mkdir(join(packed, 'client'), { recursive: true });
  await writeFile(join(packed, 'berth-client.tgz'), 'an archive');
  await writeFile(join(packed, 'sbom.cdx.json'), '{}');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = (command: string, ...words: readonly string[]) =>
  promisify(execFile)(command, words, { cwd: packed });

/** The command of SECURITY.md. */
const verified = () =>
  run(
    'openssl',
    ...['pkeyutl', '-verify', '-pubin', '-inkey', '../berth.pub', '-rawin'],
    ...['-in', 'SHA256SUMS', '-sigfile', 'SHA256SUMS.sig'],
  );

const whereOpensslIs = spawnSync('openssl', ['version']).status === 0 ? it : it.skip;

describe('The checksums of packages', () => {
  it('are what sha256sum finds, and fail it for a changed file', async () => {
    await writeChecksums(packed, undefined);
    const { stdout } = await run('sha256sum', '-c', 'SHA256SUMS');
    expect(stdout).toBe('berth-client.tgz: OK\nsbom.cdx.json: OK\n');
    await writeFile(join(packed, 'berth-client.tgz'), 'another archive');
    await expect(run('sha256sum', '-c', 'SHA256SUMS')).rejects.toThrow('did NOT match');
  });

  whereOpensslIs('are signed with an Ed25519 key (skipped where there is no openssl)', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const key = join(folder, 'berth.key');
    await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await writeFile(join(folder, 'berth.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
    await writeChecksums(packed, key);
    await writeChecksums(packed, key);
    expect((await verified()).stdout).toContain('Signature Verified Successfully');
    await writeFile(join(packed, 'SHA256SUMS'), 'others');
    await expect(verified()).rejects.toThrow();
  });

  it('are not signed with a key of another kind', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = join(folder, 'other.key');
    await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await expect(writeChecksums(packed, key)).rejects.toThrow('is no Ed25519 key');
  });
});

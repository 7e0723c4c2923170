import { manifest } from '#build';
import { JetStreamBuildFiles } from '#build-files';
import { SystemClock } from '#service-runtime';
import { decodeJson } from '#wire';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { program } from '../program.js';
import { TestInstallation } from '../../test/support/installation.js';
import { buildsCommand } from './builds.command.js';
import { filesIn } from './folder.js';
import { LineMeter } from './meter.js';

const big = randomBytes(3_000_000);

let installation: TestInstallation;
let folder: string;

beforeAll(async () => {
  installation = await TestInstallation.open('push');
  folder = join(installation.directory, 'game');
  await mkdir(join(folder, 'maps'), { recursive: true });
  await writeFile(join(folder, 'server'), big);
  await chmod(join(folder, 'server'), 0o755);
  await writeFile(join(folder, 'maps', 'docks'), 'docks');
  await writeFile(join(folder, 'maps', 'copy'), 'docks');
});
afterAll(() => installation.close());

/** Runs a command; returns what it prints. */
async function berth(...words: readonly string[]): Promise<string> {
  const printed: string[] = [];
  const api = ['--api', `http://127.0.0.1:${installation.gateway.port}`];
  await program((text) => printed.push(text)).parseAsync([...words, ...api], { from: 'user' });
  return printed.join('\n');
}

async function push(name: string, from = folder, ...more: readonly string[]) {
  const [printed, told]: [string[], string[]] = [[], []];
  const meter = () => new LineMeter((line) => told.push(line));
  const words = ['push', name, from, '--api', installation.gateway.url, ...more];
  await buildsCommand((text) => printed.push(text), meter).parseAsync(words, { from: 'user' });
  return { printed: printed.join('\n'), told };
}

describe('berth builds push', () => {
  it('stores a folder as a version, and uploads only new files for the next one', async () => {
    const first = await push('local.harbour');
    expect(first.printed).toBe(
      'local.harbour is at version 1: 3 files, 2.9 MiB (2 sent, 2.9 MiB; the others were there)',
    );
    expect(first.told).toContain('reading 2.9 MiB');
    expect(first.told).toContain('sending 100%');

    await writeFile(join(folder, 'maps', 'peaks'), 'peaks');
    expect((await push('local.harbour')).printed).toMatch(/version 2: 4 files, .* \(1 sent, 0\.0/);
    expect((await push('local.harbour')).printed).toMatch(/version 2: 4 files, .* \(0 sent/);
    expect(await berth('builds', 'list')).toMatch(/local\.harbour +2 +2 +4 +2\.9 MiB/);
  });

  it('keeps what is needed to restore the folder', async () => {
    const { body } = await installation.gateway.get('/v1/builds/local.harbour');
    const store = await JetStreamBuildFiles.open(
      installation.connection,
      'local',
      new SystemClock(),
    );
    const whole = async (digest: string) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of store.get(digest)) pieces.push(piece);
      return Buffer.concat(pieces);
    };
    const { files } = decodeJson(manifest, await whole(body.versions[0].manifest));
    expect(files.map(({ path, mode }) => [path, mode & 0o100])).toEqual([
      ['maps/copy', 0],
      ['maps/docks', 0],
      ['server', 0o100],
    ]);
    expect((await whole(files[2]!.digest)).equals(big)).toBe(true);
  });

  it('leaves out excluded files, and says so', async () => {
    const exclude = ['*.pdb', 'logs/', '!keep.pdb', '/none'].flatMap((one) => ['--exclude', one]);
    const odd = join(installation.directory, 'symbols');
    await mkdir(join(odd, 'deep', 'logs'), { recursive: true });
    for (const name of ['server', 'a.pdb', 'keep.pdb', 'deep/b.pdb', 'deep/logs/today', 'a.PDB']) {
      await writeFile(join(odd, name), name);
    }
    await symlink('/etc/passwd', join(odd, 'deep', 'logs', 'link'));
    const { printed } = await push('local.symbols', odd, ...exclude);
    const [first, leftOut, ...idle] = printed.split('\n');
    expect(first).toContain('version 1: 3 files');
    expect(leftOut).toBe('left out: a.pdb, deep/b.pdb, deep/logs/');
    expect(idle).toEqual(['nothing is left out by --exclude /none']);
    await expect(push('local.symbols', odd, '--exclude', '*')).rejects.toThrow(
      'holds no files but those that are left out',
    );
  });

  it('refuses links to files outside the folder', async () => {
    const odd = join(installation.directory, 'odd');
    await mkdir(odd);
    await symlink('/etc/passwd', join(odd, 'users'));
    await expect(filesIn(odd)).rejects.toThrow('users is a link');
    await expect(push('local.odd', join(installation.directory, 'nowhere'))).rejects.toThrow(
      'no folder',
    );
  });

  it('says so if the region is unknown', async () => {
    await expect(push('mars.harbour')).rejects.toThrow('region mars is not served');
  });
});

describe('berth build-configurations', () => {
  it('sets, shows and removes one, pinned to the latest version of its build', async () => {
    const file = join(installation.directory, 'winter.yaml');
    await writeFile(file, 'build: { name: harbour }\nexecutable: server\narguments: [-v]\n');
    const set = ['build-configurations', 'set', 'local.winter', '--file', file];
    expect(await berth(...set)).toBe('local.winter is at version 1');
    expect(await berth('build-configurations', 'list')).toMatch(
      /local\.winter +1 +harbour 2 +server/,
    );
    const shown = await berth('build-configurations', 'show', 'local.winter');
    expect(shown).toContain('executable: server');
    await expect(berth('builds', 'remove', 'local.harbour', '2')).rejects.toThrow('in-use');
    const fleet = ['fleet', 'configure', 'local.harbour', '--build-configuration', 'winter'];
    expect(await berth(...fleet, '--at-a-time', '2')).toContain('winter 1');
    await expect(berth('build-configurations', 'remove', 'local.winter')).rejects.toThrow('in-use');
    await berth('fleet', 'unconfigure', 'local.harbour');
    await berth('build-configurations', 'remove', 'local.winter');
    expect(await berth('builds', 'remove', 'local.harbour', '1')).not.toMatch(/^1 /m);
  });

  it('says what is wrong with the file', async () => {
    const file = join(installation.directory, 'wrong.json');
    await writeFile(file, '{"executable": "server", "stopGraceMs": "long"}');
    const set = ['build-configurations', 'set', 'local.winter', '--file', file];
    await expect(berth(...set)).rejects.toThrow(
      /wrong\.json is no build configuration: stopGraceMs/,
    );
  });
});

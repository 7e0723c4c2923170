import { manifest } from '#build';
import { JetStreamBuildFiles } from '#build-files';
import { SystemClock } from '#service-runtime';
import { buildView, decodeJson, parse } from '#wire';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TestInstallation } from '../../test/support/installation.js';
import { GSH, unityProject } from '../../test/support/unity-project.js';
import { LineMeter } from '../builds/meter.js';
import { importCommand } from './import.command.js';

let installation: TestInstallation;
let folder: string;
let files: Awaited<ReturnType<typeof unityProject>>;

beforeAll(async () => {
  installation = await TestInstallation.open('import');
  folder = join(installation.directory, 'project');
  files = await unityProject(folder);
});
afterAll(() => installation.close());

async function importGsh(file: string, ...words: readonly string[]): Promise<readonly string[]> {
  const printed: string[] = [];
  const where = ['--api', installation.gateway.url, '--region', 'local'];
  const command = importCommand(
    (text) => printed.push(text),
    () => new LineMeter(() => undefined),
  );
  await command.exitOverride().parseAsync(['gsh', ...where, file, ...words], { from: 'user' });
  return printed;
}

const saying = (printed: readonly string[], what: string) =>
  printed.filter((line) => line.startsWith(`${what}: `));

async function read(path: string): Promise<unknown> {
  return (await installation.gateway.get(path)).body as unknown;
}

/** The files of a build's latest version. */
async function filesOf(build: string): Promise<readonly string[]> {
  const { versions } = parse(buildView, await read(`/v1/builds/local.${build}`));
  const store = await JetStreamBuildFiles.open(installation.connection, 'local', new SystemClock());
  const pieces: Uint8Array[] = [];
  for await (const piece of store.get(versions.at(-1)?.manifest ?? '')) pieces.push(piece);
  return decodeJson(manifest, Buffer.concat(pieces)).files.map(({ path }) => path);
}

describe('berth import gsh', () => {
  it('prints its plan, and changes nothing in a dry run', async () => {
    const printed = await importGsh(files.whole, '--dry-run');
    const without =
      'Out/Linux/Symbols/*.*, Out/Linux/Pier_Data/local.info, ' +
      'Out/Linux/Pier_BackUpThisFolder_ButDontShipItWithYourGame/*.*';
    expect(saying(printed, 'plan')).toEqual([
      `plan: push ${folder}/Out/Linux as build local.pier-server, without ${without}`,
      'plan: set build configuration local.pier-ctf: Pier.x86_64',
      'plan: size fleet local.pier-fleet: 0 warm at least, 1 servers at most',
      'plan: configure fleet local.pier-fleet to run pier-ctf',
    ]);
    expect(printed).toHaveLength(4 + 5);
    expect(await read('/v1/builds')).toEqual({ builds: [] });
  });

  it('carries out the whole plan, and reports no changes the second time', async () => {
    const printed = await importGsh(files.whole);
    const done = saying(printed, 'done');
    expect(done).toHaveLength(4);
    expect(done[0]).toMatch(/^done: push .* as build local\.pier-server, .*, version 1$/);
    expect(await filesOf('pier-server')).toEqual(['Pier.x86_64', 'Pier_Data/scene0']);
    const paths = ['/v1/fleets/local.pier-fleet', '/v1/build-configurations/local.pier-ctf'];
    const first = await Promise.all(paths.map(read));
    expect(first).toMatchObject([
      { size: { minAvailable: 0, max: 1, buffer: 0 }, buildConfiguration: 'pier-ctf' },
      { version: 1, configuration: { build: { version: 1 } } },
    ]);
    const again = await importGsh(files.whole);
    expect(saying(again, 'done')).toEqual([]);
    expect(saying(again, 'unchanged')).toHaveLength(4);
    expect(again.at(-1)).toBe('nothing changed: everything was up to date');
    expect(await Promise.all(paths.map(read))).toEqual(first);
  });

  it('reports what has changed if some of it has', async () => {
    const printed = await importGsh(files.quoted);
    expect(saying(printed, 'done')).toEqual([
      'done: set build configuration local.pier-ctf: Pier.x86_64',
    ]);
    expect(saying(printed, 'unchanged')).toHaveLength(3);
    expect(printed.at(-1)).toMatch(/^unchanged: configure/);
  });

  it.each(['ofWindows', 'small', 'folded'] as const)('accepts a file that is %s', async (kind) => {
    await importGsh(files[kind]);
    expect((await importGsh(files[kind])).at(-1)).toMatch(/^nothing changed/);
  });

  it('takes the files of a build from the given folder', async () => {
    const built = ['--build-folder', `pier server=${join(folder, 'Out/Linux')}`];
    await expect(importGsh(files.elsewhere)).rejects.toThrow(
      "--build-folder 'pier server=<folder>'",
    );
    const printed = await importGsh(files.elsewhere, ...built, '--dry-run');
    expect(saying(printed, 'note')).toContain(
      'note: build pier server: excludePaths: nothing is left out by Out/Linux/Symbols/*.*',
    );
  });

  it('says which parts of a build would not run', async () => {
    const game = join(folder, 'Out/Linux/Pier.x86_64');
    const renamed = join(folder, 'Assets/renamed.gsh');
    await chmod(game, 0o644);
    const which = 'note: build configuration pier-ctf runs';
    expect(await importGsh(files.whole, '--dry-run')).toContain(
      `${which} Pier.x86_64, which may not be executed: chmod +x ${game}, then import again`,
    );
    await writeFile(renamed, whole('binaryPath: Pier.x86_64', 'binaryPath: Peir.x86_64'));
    expect(await importGsh(renamed, '--dry-run')).toContain(
      `${which} Peir.x86_64, which is not among the files of build pier server`,
    );
    await rm(renamed);
    await chmod(game, 0o755);
  });

  it('says what it does not know, and changes nothing if a folder is missing', async () => {
    const odd = join(folder, 'odd.gsh');
    await writeFile(odd, whole('buildPath: Out/Linux', 'buildPath: Out/Linux\n    tags: [a]'));
    expect(await importGsh(odd, '--dry-run')).toContain(
      'note: builds.pier server.tags is unknown, and not carried over',
    );
    await expect(importGsh(files.whole, '--root', join(folder, 'nowhere'))).rejects.toThrow(
      `there is no folder ${folder}/nowhere/Out/Linux`,
    );
    await expect(importGsh(files.whole, '--region', 'X=eu')).rejects.toThrow(
      '--region local: must be',
    );
  });
});

const whole = (text: string, other: string) => GSH.whole.replace(text, other);

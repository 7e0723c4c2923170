import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LineMeter } from '../builds/meter.js';
import { TestInstallation } from '../../test/support/installation.js';
import { importCommand } from './import.command.js';

const FILE = `
version: "1.0"
builds:
  my build: { executableName: game, buildPath: out }
buildConfigurations:
  ctf: { build: my build, binaryPath: game, queryType: sqp, variables: { MODE: ctf } }
fleets:
  my fleet:
    buildConfigurations: [ctf]
    regions: { Europe: { minAvailable: 1, maxServers: 3 } }
`;

let installation: TestInstallation;

beforeAll(async () => {
  installation = await TestInstallation.open('import');
  const { directory } = installation;
  await mkdir(join(directory, 'out'));
  await writeFile(join(directory, 'out', 'game'), '#!/bin/sh\n', { mode: 0o755 });
  await writeFile(join(directory, 'game.gsh'), FILE);
});
afterAll(() => installation.close());

async function importGsh(...words: readonly string[]): Promise<readonly string[]> {
  const printed: string[] = [];
  const where = [
    '--api',
    installation.gateway.url,
    '--nats',
    installation.natsUrl,
    '--region',
    'local',
  ];
  const command = importCommand(
    (text) => printed.push(text),
    () => new LineMeter(() => undefined),
  );
  const all = ['gsh', join(installation.directory, 'game.gsh'), ...where, ...words];
  await command.parseAsync(all, { from: 'user' });
  return printed;
}

const read = async (path: string): Promise<unknown> => (await installation.gateway.get(path)).body;

describe('berth import gsh', () => {
  it('tells its plan, and does nothing where it is to be dry', async () => {
    expect(await importGsh('--dry-run')).toEqual([
      'plan: push out as build local.my-build',
      'plan: set build configuration local.ctf: game',
      'plan: size fleet local.my-fleet: 1 warm at least, 3 servers at most',
      'plan: configure fleet local.my-fleet to run ctf',
    ]);
    expect(await read('/v1/builds')).toEqual({ builds: [] });
  });

  it('makes all of it, and no more of it the second time', async () => {
    const printed = await importGsh();
    expect(printed.slice(4)).toHaveLength(4);
    expect(printed[4]).toBe('done: push out as build local.my-build, version 1');
    const fleet = '/v1/fleets/local.my-fleet';
    const first = await read(fleet);
    expect(first).toMatchObject({
      size: { minAvailable: 1, max: 3, buffer: 0 },
      buildConfiguration: 'ctf',
    });
    const { body } = await installation.gateway.get('/v1/build-configurations/local.ctf');
    expect(body).toMatchObject({ version: 1, configuration: { build: { version: 1 } } });
    await importGsh();
    expect(await read(fleet)).toEqual(first);
    expect((await installation.gateway.get('/v1/build-configurations/local.ctf')).body).toEqual(
      body,
    );
    expect(await read('/v1/builds')).toMatchObject({
      builds: [{ id: 'local.my-build', version: 1 }],
    });
  });

  it('does nothing where a folder is missing', async () => {
    await expect(importGsh('--root', join(installation.directory, 'nowhere'))).rejects.toThrow(
      'no folder',
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { gshIn } from './gsh.schema.js';
import { planOf } from './plan.js';

const GSH = `
version: 1.0
builds:
  my build:
    executableName: Build.x86_64
    buildPath: Builds/Multiplay
buildConfigurations:
  capture the flag:
    build: my build
    queryType: sqp
    binaryPath: /Build.x86_64
    commandLine: -port $$port$$ -map "two words"
    variables: { MODE: ctf, PLAYERS: 8 }
    cores: 1
    speedMhz: 750
    memoryMiB: 800
    readiness: true
  deathmatch:
    build: my build
    binaryPath: Build.x86_64
    variables: {}
fleets:
  my fleet:
    buildConfigurations: [capture the flag, deathmatch]
    regions:
      North America: { minAvailable: 1, maxServers: 4 }
      Europe: { minAvailable: 2, maxServers: 6 }
      Asia: { minAvailable: 0, maxServers: 1, online: false }
    usageSettings:
      - hardwareType: CLOUD
`;

describe('A plan to import', () => {
  it('pushes, sets, sizes and configures, in each region that is mapped', () => {
    const map = new Map([
      ['North America', 'us'],
      ['Europe', 'eu'],
    ]);
    const { steps, notes } = planOf(gshIn(GSH), map);
    const [push, set, other, size, configure, ...more] = steps;
    expect(push).toEqual({
      kind: 'push',
      region: 'us',
      name: 'my-build',
      folder: 'Builds/Multiplay',
    });
    expect(set).toEqual({
      kind: 'set',
      region: 'us',
      name: 'capture-the-flag',
      configuration: {
        build: { name: 'my-build' },
        executable: 'Build.x86_64',
        arguments: ['-port', '$$port$$', '-map', 'two words'],
        query: 'sqp',
        variables: { MODE: 'ctf', PLAYERS: '8' },
        readiness: true,
      },
    });
    const wanted = { kind: 'set', configuration: { arguments: { length: 6 }, query: 'none' } };
    expect(other).toMatchObject(wanted);
    expect(size).toMatchObject({ kind: 'size', name: 'my-fleet', minAvailable: 1, max: 4 });
    expect(configure).toMatchObject({
      kind: 'configure',
      buildConfiguration: 'capture-the-flag',
    });
    expect(more.map(({ region }) => region)).toEqual(['eu', 'eu', 'eu', 'eu', 'eu']);
    expect(notes).toEqual([
      'fleet my fleet is offline in Asia, and is not made there',
      'build configuration capture the flag: cores, speedMhz and memoryMiB are not taken over',
      'fleet my-fleet: free slots run capture-the-flag; deathmatch where asked for',
    ]);
  });

  it('adds up the regions that become one', () => {
    const { steps } = planOf(gshIn(GSH), 'local');
    expect(steps.find(({ kind }) => kind === 'size')).toMatchObject({ minAvailable: 3, max: 10 });
  });

  it.each<[string, string, string]>([
    ['a region that is not mapped', GSH.replace('Europe', 'Mars'), "add --region 'Mars="],
    ['a build that is not there', GSH.replace('  my build:', '  other:'), 'the build my build'],
    ['a misspelt query', GSH.replace('queryType: sqp', 'queryType: spq'), 'queryType'],
    ['names that become one', GSH.replace('deathmatch:', 'capture-the-flag:'), 'both be called'],
    ['no YAML', 'version: [', 'Flow sequence'],
    ['nothing', '', 'expected object'],
  ])('is refused for %s', (_, text, detail) => {
    const map = new Map([
      ['North America', 'us'],
      ['Europe', 'eu'],
    ]);
    expect(() => planOf(gshIn(text), map)).toThrow(detail);
  });
});

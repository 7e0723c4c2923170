import { describe, expect, it } from '@jest/globals';
import { GSH } from '../../test/support/unity-project.js';
import { gshIn } from './gsh.schema.js';
import { planOf, type Plan, type Project, type Step } from './plan.js';

const TWO_FLEETS = `
version: 1.0
builds:
  my build:
    executableName: Build.x86_64
    buildPath: Builds/Multiplay
  old: { executableName: x, buildPath: old }
buildConfigurations:
  capture the flag:
    build: my build
    queryType: sqp
    binaryPath: /Build.x86_64
    commandLine: -port $$port$$ -map "two words"
    variables: { MODE: ctf, PLAYERS: 8 }
    cores: 1
    readiness: true
  deathmatch:
    build: my build
    binaryPath: Build.x86_64
    variables:
  unused: { build: old }
fleets:
  my fleet:
    buildConfigurations: [capture the flag, deathmatch]
    regions:
      North America: { minAvailable: 1, maxServers: 4 }
      Europe: { minAvailable: 2, maxServers: 6 }
      Asia: { minAvailable: 0, maxServers: 1, online: false }
  nowhere: { buildConfigurations: [deathmatch] }
`;

const BY_PLACE = new Map([
  ['North America', 'us'],
  ['Europe', 'eu'],
]);

function plan(text: string, project: Partial<Project> = {}): Plan {
  const { gsh } = gshIn(text);
  return planOf(gsh, { root: '/project', folders: new Map(), regions: 'local', ...project });
}

function stepsOf<Kind extends Step['kind']>({ steps }: Plan, kind: Kind) {
  return steps.filter((step): step is Extract<Step, { kind: Kind }> => step.kind === kind);
}

const configurationOf = (text: string) => stepsOf(plan(text), 'set')[0]!.configuration;

describe('A plan to import', () => {
  it('pushes builds, sets configurations, and sizes and configures fleets in each mapped region', () => {
    const { steps, notes } = plan(TWO_FLEETS, { regions: BY_PLACE });
    const [push, set, other, size, configure, ...more] = steps;
    expect(push).toEqual({
      kind: 'push',
      region: 'us',
      name: 'my-build',
      build: 'my build',
      folder: '/project/Builds/Multiplay',
      exclude: [],
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
      'build my build is called my-build in Berth',
      'build configuration capture the flag is called capture-the-flag in Berth',
      'fleet my fleet is called my-fleet in Berth',
      'fleet my fleet is offline in Asia, and is not imported there',
      'fleet nowhere is online in no region, and is not imported',
      'build configuration capture the flag: not carried over: cores 1; games are not limited',
      'fleet my fleet: free slots run capture-the-flag; deathmatch where asked for',
      'build old is left out: no imported fleet runs it',
      'build configuration unused is left out: no imported fleet runs it',
    ]);
  });

  it('adds up the regions that are mapped to one, and says so', () => {
    const added = plan(TWO_FLEETS);
    expect(stepsOf(added, 'size')).toMatchObject([{ minAvailable: 3, max: 10 }]);
    expect(added.notes).toContain(
      'fleet my fleet: North America and Europe become region local, with their sizes added up',
    );
  });

  it('leaves excluded files out of a build', () => {
    const [push] = stepsOf(plan(GSH.whole), 'push');
    expect(push?.folder).toBe('/project/Out/Linux');
    expect(push?.exclude.flatMap(({ patterns }) => patterns)).toEqual([
      '/Symbols/**/*',
      '/Pier_Data/local.info',
      '/Pier_BackUpThisFolder_ButDontShipItWithYourGame/**/*',
    ]);
  });

  it('notes settings that concern machines', () => {
    expect(plan(GSH.whole).notes).toContain(
      'fleet pier fleet: usageSettings not carried over: hardwareType CLOUD, machineType GCP-N2, ' +
        'maxServersPerMachine 3: start agents of such machines with --slots 3',
    );
  });

  it('is the same for a file written on Windows', () => {
    const windows = plan(GSH.ofWindows);
    expect(windows.notes).toEqual(plan(GSH.whole).notes);
    expect(windows.steps).toEqual(plan(GSH.whole).steps);
  });

  it('finds a build elsewhere in the given folder', () => {
    expect(() => plan(GSH.elsewhere)).toThrow(
      "at D:\\Builds\\Pier Server of a Windows machine: say where its files are here: --build-folder 'pier server=<folder>'",
    );
    const found = plan(GSH.elsewhere, { folders: new Map([['pier server', '/out']]) });
    expect(stepsOf(found, 'push')).toMatchObject([{ folder: '/out' }]);
  });

  it('keeps intended quotes, and notes placeholders that nothing fills in', () => {
    expect(configurationOf(GSH.quoted).arguments).toEqual([
      ...['-port', '$$port$$', '-log', '$$server_log_dir$$/a.log', '-name', 'Pier "B"'],
      ...['-maps', 'D:\\m\\x', '-none', '', '-also', 'b c'],
    ]);
    expect(plan(GSH.quoted).notes).toContain(
      'build configuration pier ctf: Berth does not know $$server_log_dir$$, and passes it on unchanged',
    );
  });

  it('keeps texts as they are written, and names distinct', () => {
    const folded = plan(GSH.folded);
    expect(configurationOf(GSH.folded)).toMatchObject({
      executable: 'Pier.x86_64',
      query: 'sqp',
      arguments: ['-port', '$$port$$', '-json', '{"mode":"ctf","max":16}'],
      variables: {
        SIZE: '016',
        RATIO: '1.50',
        ON: 'yes',
        OFF: 'false',
        NOTHING: '',
        WORDS: 'Pier – ö\n🎮',
      },
    });
    expect(folded.steps.map(({ name }) => name)).toEqual([
      ...['Pier-Linux-v2', 'Conquest-8v8', 'Pier-EU', 'Pier-EU'],
    ]);
    expect(folded.notes).toContain(
      'build configuration Conquest / 8v8 is called Conquest-8v8 in Berth',
    );
    expect(folded.notes.join('\n')).toContain('{"mode":"ctf","max":16} keeps the quotes within it');
  });

  it('has no notes if nothing is lost', () => {
    const small = plan(GSH.small, {
      regions: new Map([
        ['Asia', 'a'],
        ['South America', 's'],
      ]),
    });
    expect(small.notes).toEqual([]);
    expect(stepsOf(small, 'size').map(({ minAvailable, max }) => [minAvailable, max])).toEqual([
      [1, 2],
      [0, 0],
    ]);
  });

  it('names everything in the file that it does not know', () => {
    const text = GSH.whole
      .replace('    cores: 2', '    coreDump: { path: x }\n    cores: 2')
      .replace('    regions:', '    allocationTTL: 60\n    regions:')
      .replace('        maxServers: 1', '        maxServers: 1\n        scaling: false');
    expect([...gshIn(`${text}labels: [a]\n`).unknown].sort()).toEqual([
      'buildConfigurations.pier ctf.coreDump',
      'fleets.pier fleet.allocationTTL',
      'fleets.pier fleet.regions.North America.scaling',
      'labels',
    ]);
  });

  it.each<[string, string, string]>([
    ['a region that is not mapped', TWO_FLEETS.replace('Europe', 'Mars'), "add --region 'Mars="],
    ['a missing build', TWO_FLEETS.replace('  my build:', '  other:'), 'the build my build'],
    ['a misspelt query type', TWO_FLEETS.replace('queryType: sqp', 'queryType: spq'), 'queryType'],
    [
      'names that become the same',
      TWO_FLEETS.replace('deathmatch:', 'capture-the-flag:'),
      'both be called',
    ],
    ['a duplicate name', TWO_FLEETS.replace('  deathmatch:', '  capture the flag:'), 'unique'],
    [
      'an invalid number',
      TWO_FLEETS.replace('maxServers: 4', 'maxServers: many'),
      'a whole number',
    ],
    [
      'a number that is too high',
      TWO_FLEETS.replace('minAvailable: 2', 'minAvailable: 7'),
      'above maxServers 6',
    ],
    ['an open quote', TWO_FLEETS.replace('"two words"', '"two words'), 'is not closed'],
    ['invalid YAML', 'version: [', 'Flow sequence'],
    ['nothing', '', 'expected object'],
  ])('is refused for %s', (_, text, detail) => {
    expect(() => plan(text, { regions: BY_PLACE })).toThrow(detail);
  });

  it('is refused for the folder of an unknown build', () => {
    expect(() => plan(GSH.whole, { folders: new Map([['peir', '/out']]) })).toThrow(
      'the build peir',
    );
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { flags } from './agent/flags.js';
import { program } from './program.js';
import { everyCommand, isRunnable, nameOf, receivedBy } from '../test/support/typing.js';

type Row = readonly [words: readonly string[], args: readonly unknown[], options: object];

const api = ['--api', 'http://here', '--json'];
const onApi = { api: 'http://here', json: true };
const why = ['--reason', 'an upgrade', '--by', 'me'];
const because = { reason: 'an upgrade', by: 'me' };
const natsFlags = [
  ...['creds-file', 'nkey-file', 'user', 'user-file', 'password-file', 'ca-file', 'cert-file'],
  ...['key-file', 'inbox-prefix'],
];
const at = ['--api', 'http://here'];
const nats = ['--nats', 'nats://here', ...natsFlags.flatMap((name) => [`--nats-${name}`, name])];
const onNats = {
  ...{ nats: 'nats://here', natsCredsFile: 'creds-file', natsNkeyFile: 'nkey-file' },
  ...{ natsUser: 'user', natsUserFile: 'user-file', natsPasswordFile: 'password-file' },
  ...{ natsCaFile: 'ca-file', natsCertFile: 'cert-file', natsKeyFile: 'key-file' },
  natsInboxPrefix: 'inbox-prefix',
};
const within = [
  ...['--region', 'eu', '--since', '2026-01-31T18:00Z', '--until', '2026-01-31T19:00Z'],
  ...['--limit', '5', '--after', '8'],
];
const isWithin = {
  ...{ region: 'eu', since: Date.UTC(2026, 0, 31, 18), until: Date.UTC(2026, 0, 31, 19) },
  ...{ limit: 5, after: '8' },
};
const game = ['./server', '-port', '{port}', '--slots', '9', 'check'];

const everyFlag = flags.filter(({ name }) => name !== 'command').map(({ name }) => name);
const allFlags = [...everyFlag, 'config'].flatMap((name) => [`--${name}`, `of ${name}`]);
const allSettings = Object.fromEntries(
  [...everyFlag, 'config'].map((name) => [
    name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
    `of ${name}`,
  ]),
);

/** Every command with every option, and what its action must receive. */
const TYPED: readonly Row[] = [
  [
    [
      ...['dev', '--http-port', '1', '--nats-port', '2', '--slots', '3', '--game-ports', '1-9'],
      ...['--region', 'eu', '--data', 'here', '--metrics-port', '4'],
    ],
    [],
    {
      ...{ httpPort: 1, natsPort: 2, slots: 3, gamePorts: '1-9', region: 'eu', data: 'here' },
      metricsPort: 4,
    },
  ],
  [['agent', ...allFlags, '--', ...game], [game], allSettings],
  [['agent', 'check', ...allFlags, '--', ...game], [game], allSettings],
  [
    [
      ...['slots', '--region', 'eu', '--fleet', 'a', '--status', 'allocated', '--limit', '5'],
      ...['--after', 'eu.a.1', '--usage', ...api],
    ],
    [],
    {
      ...{ region: 'eu', fleet: 'a', status: 'allocated', limit: '5', after: 'eu.a.1' },
      ...{ usage: true, ...onApi },
    },
  ],
  [['status', '--watch', ...api], [], { watch: true, ...onApi }],
  [['doctor', ...api], [], onApi],
  [['top', '--api', 'http://here'], [], { api: 'http://here' }],
  [['completion', 'zsh'], ['zsh'], {}],
  [['agents', '--after', 'eu.a', ...api], [], { after: 'eu.a', ...onApi }],
  [['fleets', '--region', 'eu', ...api], [], { region: 'eu', ...onApi }],
  [
    ['fleet', 'size', 'eu.a', '--max', '9', '--min', '1', '--buffer', '2', ...why, ...api],
    ['eu.a'],
    { max: 9, min: 1, buffer: 2, ...because, ...onApi },
  ],
  [['fleet', 'unsize', 'eu.a', ...why, ...api], ['eu.a'], { ...because, ...onApi }],
  [
    [
      'fleet',
      'configure',
      'eu.a',
      '--build-configuration',
      'b',
      '--at-a-time',
      '3',
      ...why,
      ...api,
    ],
    ['eu.a'],
    { buildConfiguration: 'b', atATime: 3, ...because, ...onApi },
  ],
  [
    ['fleet', 'unconfigure', 'eu.a', '--at-a-time', '3', ...why, ...api],
    ['eu.a'],
    { atATime: 3, ...because, ...onApi },
  ],
  [
    ['builds', 'push', '--exclude', '*.pdb', '--exclude', '/a', 'eu.a', './out', ...at, ...why],
    [{ region: 'eu', name: 'a' }, './out'],
    { exclude: ['*.pdb', '/a'], api: 'http://here', ...because },
  ],
  [['builds', 'list', '--region', 'eu', ...api], [], { region: 'eu', ...onApi }],
  [['builds', 'show', 'eu.a', ...api], ['eu.a'], onApi],
  [['builds', 'remove', 'eu.a', '3', ...why, ...api], ['eu.a', '3'], { ...because, ...onApi }],
  [
    ['build-configurations', 'set', 'eu.a', '--file', 'a.yaml', ...why, ...api],
    ['eu.a'],
    { file: 'a.yaml', ...because, ...onApi },
  ],
  [['build-configurations', 'list', '--region', 'eu', ...api], [], { region: 'eu', ...onApi }],
  [['build-configurations', 'show', 'eu.a', ...api], ['eu.a'], onApi],
  [['build-configurations', 'remove', 'eu.a', ...why, ...api], ['eu.a'], { ...because, ...onApi }],
  [
    [
      ...['import', 'gsh', '--region', 'North America=us', '--region', 'Europe=eu', 'game.gsh'],
      ...['--build-folder', 'b=./b', '--root', '..', '--dry-run', ...why, ...at],
    ],
    ['game.gsh'],
    {
      ...{
        region: ['North America=us', 'Europe=eu'],
        root: '..',
        dryRun: true,
        buildFolder: ['b=./b'],
      },
      ...{ ...because, api: 'http://here' },
    },
  ],
  [
    [
      ...['audit', 'allocations', '--region', 'eu', '--id', 'm', '--by', 'lobby', '--fleet', 'f'],
      ...['--ended', 'Crashed', '--reason', 'SIGSEGV', '--since', '1970-01-01', '--attempts'],
      ...['--until', '1970-01-01T00:00:01Z', '--limit', '9', '--after', '1.2', ...api],
    ],
    [],
    {
      ...{ region: 'eu', id: 'm', by: 'lobby', fleet: 'f', ended: 'Crashed', reason: 'SIGSEGV' },
      ...{ since: 0, until: 1_000, attempts: true, limit: '9', after: '1.2', ...onApi },
    },
  ],
  [
    ['audit', 'index', '--region', 'eu', '--rebuild', 'eu', ...api],
    [],
    { region: 'eu', rebuild: 'eu', ...onApi },
  ],
  [
    [
      ...['audit', 'at', '1970-01-01', '--region', 'eu', '--fleet', 'f', '--status', 'allocated'],
      ...['--json', ...nats],
    ],
    [0],
    { region: 'eu', fleet: 'f', status: 'allocated', json: true, ...onNats },
  ],
  [
    [
      'audit',
      'diff',
      '1970-01-01',
      '1970-01-02',
      '--region',
      'eu',
      '--fleet',
      'f',
      '--json',
      ...nats,
    ],
    [0, 86_400_000],
    { region: 'eu', fleet: 'f', json: true, ...onNats },
  ],
  [
    ['forget', 'm', '--reason', 'a player asked', '--region', 'eu', ...api],
    ['m'],
    { reason: 'a player asked', region: 'eu', ...onApi },
  ],
  [['audit', 'allocation', 'm', '--region', 'eu', ...api], ['m'], { region: 'eu', ...onApi }],
  [['audit', 'why', 'm', '--region', 'eu', ...api], ['m'], { region: 'eu', ...onApi }],
  [['audit', 'actions', ...within, ...api], [], { ...isWithin, ...onApi }],
  [['audit', 'who', 'ops', ...within, ...api], ['ops'], { ...isWithin, ...onApi }],
  [['audit', 'import', 'a.jsonl'], ['a.jsonl'], {}],
  [
    [
      ...['audit', 'replay', 'a.jsonl', '--slots', '9', '--fleet-size', 'f=1', '--wait', '2'],
      ...['--speed', '10', '--json'],
    ],
    ['a.jsonl'],
    { slots: 9, fleetSize: ['f=1'], wait: 2, speed: 10, json: true },
  ],
  [
    [
      ...['audit', 'export', 'a.csv', '--region', 'eu', '--format', 'csv', '--from', '1970-01-01'],
      ...['--to', '1970-01-02', '--fleet', 'f', '--slot', 'eu.a.1', '--allocation', 'm'],
      ...['--secrets', '--json', ...nats],
    ],
    ['a.csv'],
    {
      ...{ region: 'eu', format: 'csv', from: 0, to: 86_400_000, fleet: 'f', allocation: 'm' },
      ...{ slot: 'eu.a.1', secrets: true, json: true, ...onNats },
    },
  ],
  [
    ['audit', 'verify', '--region', 'eu', '--resume', 'here.json', '--json', ...nats],
    [],
    { region: 'eu', resume: 'here.json', json: true, ...onNats },
  ],
  ...[['events'], ['audit', 'slot']].map((words): Row => [
    [
      ...words,
      'eu.a.1',
      '--limit',
      '5',
      '--after',
      '7',
      '--tail',
      '3',
      '--follow',
      '--at',
      '1970-01-01',
      ...api,
    ],
    ['eu.a.1'],
    { limit: 5, after: 7, tail: 3, follow: true, at: 0, ...onApi },
  ]),
  [
    ['logs', 'eu.a.1', '--lines', '5', '--follow', ...at],
    ['eu.a.1'],
    { lines: 5, follow: true, api: 'http://here' },
  ],
  [
    [
      ...['allocate', '--region', 'eu', '--id', 'm', '--fleet', 'a', '--build-configuration', 'b'],
      ...['--attribute', 'map=docks', '--attribute', 'mode=a=b', '--payload', '{"a":[1]}', ...api],
    ],
    [],
    {
      ...{ region: 'eu', id: 'm', fleet: 'a', buildConfiguration: 'b' },
      ...{ attribute: { map: 'docks', mode: 'a=b' }, payload: { a: [1] }, ...onApi },
    },
  ],
  [
    ['release', 'm', '--reason', 'over', '--region', 'eu', ...api],
    ['m'],
    { reason: 'over', region: 'eu', ...onApi },
  ],
  [['request', 'm', '--region', 'eu', ...api], ['m'], { region: 'eu', ...onApi }],
  [
    ['refusals', '--region', 'eu', '--limit', '5', '--after', '7', ...api],
    [],
    { region: 'eu', limit: '5', after: '7', ...onApi },
  ],
  ...[['drain'], ['maintenance', 'begin'], ['retire']].map((words): Row => [
    [...words, 'eu.a', '--force', ...why, ...api],
    ['eu.a'],
    { force: true, ...because, ...onApi },
  ]),
  ...[['undrain'], ['maintenance', 'end'], ['repair']].map((words): Row => [
    [...words, 'eu.a', ...why, ...api],
    ['eu.a'],
    { ...because, ...onApi },
  ]),
  [
    [
      ...['tokens', 'create', '--name', 'me', '--scopes', 'allocate,audit', '--expires', '90d'],
      ...['--rate', '5/10', '--regions', 'eu,us', '--file', 't.json', '--project', 'acme'],
    ],
    [],
    {
      ...{ name: 'me', scopes: ['allocate', 'audit'], expires: 90 * 86_400_000 },
      ...{ rate: { qps: 5, burst: 10 }, regions: ['eu', 'us'], file: 't.json' },
      project: 'acme',
    },
  ],
  [['tokens', 'list', '--json', '--file', 't.json'], [], { json: true, file: 't.json' }],
  [['tokens', 'revoke', 'abc', '--file', 't.json'], ['abc'], { file: 't.json' }],
  [
    [
      ...['nats', 'config', '--regions', 'eu,us', '--servers', 'a,b,c', '--port', '4333'],
      ...['--cluster-port', '6333', '--store', '/s', '--tls-cert', 'c', '--tls-key', 'k'],
      ...['--tls-ca', 'ca', '--folder', 'f'],
    ],
    [],
    {
      ...{ regions: ['eu', 'us'], servers: ['a', 'b', 'c'], port: 4333, clusterPort: 6333 },
      ...{ store: '/s', tlsCert: 'c', tlsKey: 'k', tlsCa: 'ca', folder: 'f' },
    },
  ],
  [['nats', 'identities', '--json', '--folder', 'f'], [], { json: true, folder: 'f' }],
  [['nats', 'revoke', 'm1', '--older', '--folder', 'f'], ['m1'], { older: true, folder: 'f' }],
  [
    [
      ...['enroll', 'm1', '--region', 'eu', '--role', 'agent', '--public-key', 'U'],
      ...['--again', '--folder', 'f', '--project', 'acme'],
    ],
    ['m1'],
    {
      ...{ region: ['eu'], role: 'agent', publicKey: 'U', again: true, folder: 'f' },
      project: 'acme',
    },
  ],
];

const runnable = everyCommand(program(() => undefined)).filter(isRunnable);
const commandIn = (words: readonly string[]) =>
  runnable
    .map(nameOf)
    .filter((name) => `${words.join(' ')} `.startsWith(`${name} `))
    .sort((one, other) => other.length - one.length)[0];

describe('A command line', () => {
  it.each(TYPED.map((row) => [commandIn(row[0]), row] as const))(
    'calls %s with its options',
    async (command, [words, args, options]) => {
      expect(await receivedBy(words)).toEqual({ command, args, options });
    },
  );

  it('is tested here for every command and every option', () => {
    const missing = runnable.flatMap((command) => {
      const rows = TYPED.filter(([words]) => commandIn(words) === nameOf(command));
      const options = command.options.filter(
        ({ long }) => !rows.some(([words]) => words.includes(long ?? '')),
      );
      return rows.length === 0
        ? [nameOf(command)]
        : options.map(({ long }) => `${nameOf(command)} ${long}`);
    });
    expect(missing).toEqual([]);
  });

  it('is refused if no command accepts it', async () => {
    for (const words of [
      ['slots', '--nothing'],
      ['slots', 'extra'],
      ['nothing'],
      ['fleet', 'no'],
    ]) {
      await expect(receivedBy(words)).rejects.toThrow(/unknown|too many/);
    }
  });
});

describe('A flag of the agent', () => {
  const variable = 'BERTH_API';
  beforeEach(() => void (process.env[variable] = 'http://elsewhere'));
  afterEach(() => void delete process.env[variable]);

  it('belongs to check on either side of its name; the last one counts', async () => {
    const words = ['agent', '--slots', '2', '--region', 'us', 'check', '--region', 'eu'];
    expect(await receivedBy(words)).toMatchObject({
      command: 'agent check',
      options: { slots: '2', region: 'eu' },
    });
  });

  it('ends at --, whatever arguments the game gets', async () => {
    const words = ['agent', '--slots', '2', '--', 'server', '--slots', '9', '--help'];
    expect(await receivedBy(words)).toEqual({
      command: 'agent',
      args: [['server', '--slots', '9', '--help']],
      options: { slots: '2' },
    });
  });

  it('overrides the environment, as with every command', async () => {
    expect((await receivedBy(['slots'])).options).toMatchObject({ api: 'http://elsewhere' });
    expect((await receivedBy(['slots', ...api])).options).toMatchObject(onApi);
  });
});

import { api, onApi, type Row } from './words.js';

const natsFlags = [
  ...['creds-file', 'nkey-file', 'user', 'user-file', 'password-file', 'ca-file', 'cert-file'],
  ...['key-file', 'inbox-prefix'],
];
const nats = ['--nats', 'nats://here', ...natsFlags.flatMap((name) => [`--nats-${name}`, name])];
const onNats = {
  ...{ nats: 'nats://here', natsCredsFile: 'creds-file', natsNkeyFile: 'nkey-file' },
  ...{ natsUser: 'user', natsUserFile: 'user-file', natsPasswordFile: 'password-file' },
  ...{ natsCaFile: 'ca-file', natsCertFile: 'cert-file', natsKeyFile: 'key-file' },
  natsInboxPrefix: 'inbox-prefix',
};
const within = [
  ...['--region', 'eu', '--since', '2026-01-31T18:00Z', '--until', '2026-01-31T19:00Z'],
  ...['--limit', '5', '--after', '8', '--project', 'acme', '--face', 'api'],
];
const isWithin = {
  ...{ region: 'eu', since: Date.UTC(2026, 0, 31, 18), until: Date.UTC(2026, 0, 31, 19) },
  ...{ limit: 5, after: '8', project: 'acme', face: 'api' },
};

/** Commands that ask about the past. */
export const audit: readonly Row[] = [
  ...[['allocations'], ['audit', 'allocations']].map((words): Row => [
    [
      ...[...words, '--region', 'eu', '--id', 'm', '--by', 'lobby', '--fleet', 'f', '--watch'],
      ...['--ended', 'Crashed', '--reason', 'SIGSEGV', '--since', '1970-01-01', '--attempts'],
      ...['--until', '1970-01-01T00:00:01Z', '--limit', '9', '--after', '1.2', ...api],
      ...['--project', 'acme', '--face', 'api'],
    ],
    [],
    {
      ...{ region: 'eu', id: 'm', by: 'lobby', fleet: 'f', ended: 'Crashed', reason: 'SIGSEGV' },
      ...{ since: 0, until: 1_000, attempts: true, limit: '9', after: '1.2', watch: true },
      ...{ project: 'acme', face: 'api', ...onApi },
    },
  ]),
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
  [['audit', 'allocation', 'm', '--region', 'eu', ...api], ['m'], { region: 'eu', ...onApi }],
  [['audit', 'why', 'm', '--region', 'eu', ...api], ['m'], { region: 'eu', ...onApi }],
  [['audit', 'actions', ...within, ...api], [], { ...isWithin, ...onApi }],
  [['audit', 'who', 'ops', ...within, ...api], ['ops'], { ...isWithin, ...onApi }],
  [['audit', 'import', 'a.jsonl', '--json'], ['a.jsonl'], { json: true }],
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
];

import { flags } from '../../../src/agent/flags.js';
import type { Row } from './words.js';

const game = ['./server', '-port', '{port}', '--slots', '9', 'check'];
const everyFlag = flags.filter(({ name }) => name !== 'command').map(({ name }) => name);
const allFlags = [...everyFlag, 'config'].flatMap((name) => [`--${name}`, `of ${name}`]);
const allSettings = Object.fromEntries(
  [...everyFlag, 'config'].map((name) => [
    name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
    `of ${name}`,
  ]),
);

/** Commands that set up an installation, and run it. */
export const installing: readonly Row[] = [
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
  [
    ['agent', 'check', '--json', ...allFlags, '--', ...game],
    [game],
    { json: true, ...allSettings },
  ],
  [['completion', 'zsh'], ['zsh'], {}],
  [
    [
      ...['tokens', 'create', '--name', 'me', '--scopes', 'allocate,audit', '--expires', '90d'],
      ...['--rate', '5/10', '--regions', 'eu,us', '--file', 't.json', '--project', 'acme'],
      '--json',
    ],
    [],
    {
      ...{ name: 'me', scopes: ['allocate', 'audit'], expires: 90 * 86_400_000 },
      ...{ rate: { qps: 5, burst: 10 }, regions: ['eu', 'us'], file: 't.json' },
      ...{ project: 'acme', json: true },
    },
  ],
  [['tokens', 'list', '--json', '--file', 't.json'], [], { json: true, file: 't.json' }],
  [
    ['tokens', 'revoke', 'abc', '--json', '--file', 't.json'],
    ['abc'],
    { json: true, file: 't.json' },
  ],
  [
    [
      ...['nats', 'config', '--regions', 'eu,us', '--servers', 'a,b,c', '--port', '4333'],
      ...['--cluster-port', '6333', '--store', '/s', '--tls-cert', 'c', '--tls-key', 'k'],
      ...['--tls-ca', 'ca', '--operator', '--expires', '90d', '--folder', 'f', '--json'],
    ],
    [],
    {
      ...{ regions: ['eu', 'us'], servers: ['a', 'b', 'c'], port: 4333, clusterPort: 6333 },
      ...{
        operator: true,
        expires: 90 * 86_400_000,
        store: '/s',
        tlsCert: 'c',
        tlsKey: 'k',
        tlsCa: 'ca',
        folder: 'f',
      },
      json: true,
    },
  ],
  [['nats', 'identities', '--json', '--folder', 'f'], [], { json: true, folder: 'f' }],
  [
    ['nats', 'revoke', 'm1', '--older', '--json', '--folder', 'f'],
    ['m1'],
    { older: true, json: true, folder: 'f' },
  ],
  [
    [
      ...['enroll', 'm1', '--region', 'eu', '--role', 'agent', '--public-key', 'U'],
      ...['--again', '--folder', 'f', '--project', 'acme', '--json'],
    ],
    ['m1'],
    {
      ...{ region: ['eu'], role: 'agent', publicKey: 'U', again: true, folder: 'f' },
      ...{ project: 'acme', json: true },
    },
  ],
  [
    ['enroll', 'm1', '--invite', '15m', '--folder', 'f'],
    ['m1'],
    { invite: 900_000, region: [], role: 'agent', folder: 'f' },
  ],
  [
    ['join', 'http://here', '--secret-file', 's', '--into', 'd', '--json'],
    ['http://here'],
    { secretFile: 's', into: 'd', json: true },
  ],
  [
    [
      ...['nats', 'admit', '--host', '::1', '--port', '1', '--https-cert', 'c', '--https-key', 'k'],
      ...['--nats-pid', 'p', '--folder', 'f'],
    ],
    [],
    { host: '::1', port: 1, httpsCert: 'c', httpsKey: 'k', natsPid: 'p', folder: 'f' },
  ],
];

import { api, onApi, why, because, type Row } from './words.js';

/** Commands for what runs. */
export const operating: readonly Row[] = [
  [
    [
      ...['slots', '--region', 'eu', '--fleet', 'a', '--status', 'allocated', '--limit', '5'],
      ...['--after', 'eu.a.1', '--usage', '--watch', ...api],
    ],
    [],
    {
      ...{ region: 'eu', fleet: 'a', status: 'allocated', limit: '5', after: 'eu.a.1' },
      ...{ usage: true, watch: true, ...onApi },
    },
  ],
  [['status', '--watch', ...api], [], { watch: true, ...onApi }],
  [['doctor', ...api], [], onApi],
  [['top', ...api], [], onApi],
  [['agents', '--after', 'eu.a', '--watch', ...api], [], { after: 'eu.a', watch: true, ...onApi }],
  [['fleets', '--region', 'eu', '--watch', ...api], [], { region: 'eu', watch: true, ...onApi }],
  [
    ['forget', 'm', '--reason', 'a player asked', '--region', 'eu', ...api],
    ['m'],
    { reason: 'a player asked', region: 'eu', ...onApi },
  ],
  [
    ['logs', 'eu.a.1', '--lines', '5', '--follow', ...api],
    ['eu.a.1'],
    { lines: 5, follow: true, ...onApi },
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
];

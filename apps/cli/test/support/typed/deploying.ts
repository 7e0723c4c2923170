import { api, onApi, why, because, type Row } from './words.js';

/** Commands that say what runs. */
export const deploying: readonly Row[] = [
  [['machines', '--region', 'eu', '--watch', ...api], [], { region: 'eu', watch: true, ...onApi }],
  [
    [
      ...['machine', 'policy', 'eu.a', '--fleets', 'f,g', '--addresses', '10.0.0.0/8'],
      ...['--slots-max', '9', '--priority-min', '-1', '--projects', 'acme', ...why, ...api],
    ],
    ['eu.a'],
    {
      ...{ fleets: ['f', 'g'], addresses: ['10.0.0.0/8'], slotsMax: 9, priorityMin: -1 },
      ...{ projects: ['acme'], ...because, ...onApi },
    },
  ],
  [['machine', 'remove-policy', 'eu.a', ...why, ...api], ['eu.a'], { ...because, ...onApi }],
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
    ['builds', 'push', '--exclude', '*.pdb', '--exclude', '/a', 'eu.a', './out', ...api, ...why],
    [{ region: 'eu', name: 'a' }, './out'],
    { exclude: ['*.pdb', '/a'], ...onApi, ...because },
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
      ...['--build-folder', 'b=./b', '--root', '..', '--dry-run', ...why, ...api],
    ],
    ['game.gsh'],
    {
      ...{
        region: ['North America=us', 'Europe=eu'],
        root: '..',
        dryRun: true,
        buildFolder: ['b=./b'],
      },
      ...because,
      ...onApi,
    },
  ],
];

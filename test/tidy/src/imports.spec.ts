import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const CRUISER = resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

const ARCHITECTURE = `## What may import what

| Folder | May import |
| --- | --- |
| \`kernel\` | |
| \`slot\` | kernel, @nats-io/*, node |
| \`wire\` | kernel |
| apps/cli | slot, yaml, jest |
`;

const PACKAGES = ['@nats-io/jetstream', 'zod', 'yaml'];

const PROJECT: Readonly<Record<string, string>> = {
  'ARCHITECTURE.md': ARCHITECTURE,
  'package.json': JSON.stringify({
    type: 'module',
    dependencies: Object.fromEntries(PACKAGES.map((name) => [name, '1'])),
    devDependencies: { jest: '1' },
  }),
  'tsconfig.imports.json': JSON.stringify({
    compilerOptions: { module: 'nodenext', paths: { '#*': ['./libs/*/src/index.ts'] } },
  }),
  '.dependency-cruiser.js': `export { default } from '${resolve('.dependency-cruiser.js')}';`,
  ...Object.fromEntries(
    [...PACKAGES, 'jest'].flatMap((name) => [
      [`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' })],
      [`node_modules/${name}/index.js`, ''],
    ]),
  ),
  'libs/kernel/src/index.ts': 'export const a = 1;',
  'libs/kernel/src/inner.ts': 'export const b = 1;',
  'libs/wire/src/index.ts': 'export const c = 1;',
  'libs/slot/src/index.ts': 'export const d = 1;',
  'apps/cli/src/index.ts': "import { d } from '#slot'; import 'yaml';",
};

/** Imports that are allowed. */
const KEPT: Readonly<Record<string, string>> = {
  'libs/slot/src/lib.ts': "import { a } from '#kernel';",
  'libs/slot/src/scope.ts': "export * from '@nats-io/jetstream';",
  'libs/slot/src/node.ts': "import type { b } from 'node:fs/promises';",
  'libs/slot/src/neighbour.ts': "import { d } from './index.js';",
  'libs/slot/src/any.spec.ts': "import '#wire'; import 'zod'; import 'jest';",
};

/** Imports that are forbidden, with the rules that they break; a cycle is reported once. */
const BROKEN: Readonly<Record<string, readonly [text: string, ...rules: string[]]>> = {
  'libs/slot/src/lib-not-in-row.ts': ["import { c } from '#wire';", 'slot'],
  'libs/slot/src/package-not-in-row.ts': ["const zod = await import('zod');", 'slot'],
  'libs/slot/src/app-not-in-row.ts': ["import '../../../apps/cli/src/index.js';", 'slot'],
  'libs/slot/src/inside.ts': ["import { b } from '#kernel/src/inner.js';", 'not-found', 'slot'],
  'libs/slot/src/path.ts': [
    "import type { b } from '../../kernel/src/inner.js';",
    'lib-by-its-path',
  ],
  'libs/slot/src/index-by-path.ts': [
    "export * from '../../kernel/src/index.js';",
    'lib-by-its-path',
  ],
  'libs/slot/src/path.spec.ts': ["import '../../wire/src/index.js';", 'lib-by-its-path'],
  'libs/kernel/src/node.ts': ["import { open } from 'node:fs';", 'kernel'],
  'libs/stray/src/index.ts': ["import '#kernel';", 'not-in-the-table'],
  'apps/cli/src/development.ts': ["import 'jest';", 'development-only'],
  'libs/wire/src/one.ts': ["import type { Two } from './two.js';", 'cycle'],
  'libs/wire/src/two.ts': ["import type { One } from './one.js';"],
};

const report = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

describe('The rules made from the table of imports', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berth-imports-'));
    const broken = Object.entries(BROKEN).map(([path, [text]]) => [path, text] as const);
    for (const [path, text] of [...Object.entries({ ...PROJECT, ...KEPT }), ...broken]) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('find each import that breaks them, and no other', async () => {
    const words = [CRUISER, '--output-type', 'json', 'libs', 'apps'];
    const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: folder });
    const { violations } = report.parse(JSON.parse(stdout)).summary;
    expect(violations.map(({ from, rule }) => `${from}: ${rule.name}`).sort()).toEqual(
      Object.entries(BROKEN)
        .flatMap(([path, [, ...rules]]) => rules.map((rule) => `${path}: ${rule}`))
        .sort(),
    );
  });
});

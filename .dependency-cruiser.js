import { existsSync, readFileSync } from 'node:fs';

/**
 * What may import what. The rules are made from the table in ARCHITECTURE.md, so that is the one place
 * to change; `npm run check:imports` holds them.
 */

const HEADING = '## What may import what\n';

/** Where sources are; each folder of these has a row, `test` one for all of it. */
const SOURCES = '^(libs/[^/]+|apps/[^/]+|examples/[^/]+|test)/';

/** Specs, and what only they use: they may import every lib and package. */
const TESTS = [String.raw`\.spec\.ts$`, '^(apps|examples|libs)/[^/]+/test/'];

/** The rows of the table: for each folder the names that it may import. */
function readTable(markdown) {
  const section = markdown.split(HEADING)[1]?.split('\n## ')[0];
  if (section === undefined) throw new Error(`no section "${HEADING.trim()}"`);
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((line) => {
    const [name = '', allowed = ''] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.replaceAll('`', '').trim());
    const folder = name.includes('/') || name === 'test' ? name : `libs/${name}`;
    return { name, folder, allowed: allowed.split(',').map((word) => word.trim()) };
  });
}

/** What a row allows, as patterns of the files that imports lead to. */
function targets({ folder, allowed }, rows) {
  const named = allowed.map((name) => {
    const lib = rows.find((row) => row.name === name);
    if (lib !== undefined) return `^${lib.folder}/`;
    return `^node_modules/(@types/)?${name.replaceAll('.', '\\.').replace(/\/\*$/, '')}/`;
  });
  return [`^${folder}/`, ...named];
}

function ruleOf(row, rows) {
  return {
    name: row.name,
    comment: 'its row in ARCHITECTURE.md does not allow this',
    severity: 'error',
    from: { path: `^${row.folder}/`, pathNot: TESTS },
    to: {
      pathNot: targets(row, rows),
      ...(row.allowed.includes('node') && { dependencyTypesNot: ['core'] }),
    },
  };
}

/** The rules for a table like the one in ARCHITECTURE.md. */
export function rules(markdown) {
  const rows = readTable(markdown);
  return [
    ...rows.map((row) => ruleOf(row, rows)),
    {
      name: 'not-in-the-table',
      comment: 'each folder has a row in ARCHITECTURE.md',
      severity: 'error',
      from: { path: SOURCES, pathNot: rows.map(({ folder }) => `^${folder}/`) },
      to: {},
    },
    {
      name: 'lib-by-its-path',
      comment: 'a lib is entered by its name, `#slot`, and so at its index alone',
      severity: 'error',
      from: { path: SOURCES },
      to: { path: '^libs/', pathNot: '^$1/', dependencyTypesNot: ['aliased'] },
    },
    {
      name: 'cycle',
      comment: 'files do not lead back to themselves, types included',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    { name: 'not-found', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'development-only',
      comment: 'what runs in production does not need devDependencies',
      severity: 'error',
      from: { path: '^(apps|libs|examples)/', pathNot: [...TESTS, '^libs/testing/'] },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ];
}

const architecture = readFileSync('ARCHITECTURE.md', 'utf8');
for (const { name, folder } of readTable(architecture)) {
  if (!existsSync(folder))
    throw new Error(`ARCHITECTURE.md has a row for ${name}, which is not there`);
}

export default {
  forbidden: rules(architecture),
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.imports.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};

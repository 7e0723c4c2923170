import { beforeAll, describe, expect, it } from '@jest/globals';
import { cycles, readImportLaw, violations } from './import-law.js';
import { readDocument, readSources, sourceOf, type Source } from './sources.js';

let sources: readonly Source[];

beforeAll(async () => {
  sources = await readSources();
});

describe('The import law in ARCHITECTURE.md', () => {
  const law = readImportLaw(readDocument('ARCHITECTURE.md'));

  it('is kept by every source', () => {
    expect(sources.flatMap((source) => violations(source, law))).toEqual([]);
  });

  it('has no row for what is not there', () => {
    const parts = new Set(sources.map(({ part }) => part));
    expect([...law.keys()].filter((part) => !parts.has(part))).toEqual([]);
  });

  it('lets no lib lead back to itself', () => expect(cycles(sources)).toEqual([]));
});

describe('An import', () => {
  const law = readImportLaw(`## What may import what\n
| Folder | May import |
| --- | --- |
| \`slot\` | kernel, @nats-io/*, node |
| apps/cli | slot |
`);
  const found = (path: string, text: string) => violations(sourceOf(path, text), law);

  it.each([
    ['another lib by its name', "import { a } from '#kernel';"],
    ['a package of a scope', "export * from '@nats-io/jetstream/internal';"],
    ['what comes with Node', "import type { b } from 'node:fs/promises';"],
    ['a neighbour', "import { c } from './other.js';"],
  ])('may name %s', (_, text) => expect(found('libs/slot/src/a.ts', text)).toEqual([]));

  it.each([
    ['a lib that is not in its row', "import { a } from '#wire';"],
    ['a package that is not', "const zod = await import('zod');"],
    ['the inside of a lib', "import { a } from '#kernel/src/law.js';"],
    ['another lib by its path', "import type { a } from '../../kernel/src/law.js';"],
  ])('may not name %s', (_, text) => expect(found('libs/slot/src/a.ts', text)).toHaveLength(1));

  it('may name any lib in a spec, but not its inside', () => {
    expect(found('libs/slot/src/a.spec.ts', "import '#wire'; import 'zod';")).toEqual([]);
    expect(found('libs/slot/src/a.spec.ts', "import '../../wire/src/json.js';")).toHaveLength(1);
  });

  it('is a cycle where it leads back', () => {
    const one = sourceOf('libs/a/src/a.ts', "import '#b';");
    const other = sourceOf('libs/b/src/b.ts', "import '#a';");
    expect(cycles([one, other])).toEqual(['a', 'b']);
    expect(cycles([one])).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { EVENT_TYPES } from '#testing';
import { pages, stalePages } from './pages.js';
import { documentsIn, readDocument, readSources } from './sources.js';

const SETTING = /\bBERTH_[A-Z0-9_]*[A-Z0-9]\b/g;

describe('The configuration reference', () => {
  const page = readDocument('docs/configuration.md');
  const missing = (texts: readonly string[]) => {
    const names = texts.flatMap((text) => text.match(SETTING) ?? []);
    return [...new Set(names)].filter((name) => !page.includes(`\`${name}\``));
  };

  it('lists every variable in the code', async () => {
    const sources = await readSources();
    expect(missing(sources.filter(({ isTest }) => !isTest).map(({ text }) => text))).toEqual([]);
  });

  it('lists every variable that other documents mention', async () => {
    const documents = [
      'README.md',
      'CONTRIBUTING.md',
      'docker-compose.yml',
      ...(await documentsIn('docs')),
    ];
    expect(missing(documents.map(readDocument))).toEqual([]);
  });
});

describe('The map of the architecture', () => {
  // Its table of imports has a row for each folder, too.
  const page = readDocument('ARCHITECTURE.md').replace(/^## What may import[^]*?^## /m, '## ');
  const foldersIn = async (root: string) =>
    (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory());

  it.each([
    ['apps', 'apps/'],
    ['libs', 'libs/'],
    ['test', ''],
  ])('has a row for each folder in %s', async (root, prefix) => {
    const folders = (await foldersIn(root)).map(({ name }) => `| \`${prefix}${name}\` `);
    expect(folders.filter((row) => !page.includes(row))).toEqual([]);
  });

  it('names only files that exist', () => {
    const named = page.match(/`(apps|libs|test|docs|deploy)\/[\w./-]+`/g) ?? [];
    const paths = named.map((path) => path.slice(1, -1));
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });
});

describe('The generated documentation', () => {
  it('is up to date; `npm run docs` updates it', async () => {
    expect(await stalePages(process.cwd())).toEqual([]);
  });

  it('names every state and every event of the slot', () => {
    const page = pages.get('docs/generated/slot.md')?.() ?? '';
    expect(page).toContain('allocated --> deallocated: DeallocationRequested');
    expect(page).toContain('awaiting --> live: CallbackAcked');
    expect(page.split('\n').filter((line) => line.startsWith('| '))).toHaveLength(
      2 + EVENT_TYPES.length,
    );
  });
});

import { describe, expect, it } from '@jest/globals';
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

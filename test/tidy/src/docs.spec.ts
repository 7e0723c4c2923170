import { describe, expect, it } from '@jest/globals';
import { EVENT_TYPES } from '#testing';
import { pages, stalePages } from './pages.js';

describe('The generated documentation', () => {
  it('says what the code says; `npm run docs` makes it so', async () => {
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

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { blocksOf, documents, type Block } from './document.js';
import { ELSEWHERE } from './elsewhere.js';
import { Installation } from './installation.js';
import { shapeOf } from './shape.js';
import { type } from './shell.js';
import { SPECIAL } from './special.js';

/** Longer than any documented command takes, even on a busy machine (ms). */
const WITHIN_MS = 90_000;

const blocks = documents().flatMap(blocksOf);

/** The name of a block here and in the lists of exceptions. */
const begins = (text: string) => text.split('\n').slice(0, 2).join(' ').slice(0, 60);

function entryOf<T extends { document: string; begins: string }>(list: readonly T[], of: Block) {
  return list.find(({ document, begins }) => {
    return document === of.document && of.text.startsWith(begins);
  });
}

let here: Installation;
/** The output of the last typed lines. */
let printed = '';

beforeAll(async () => {
  here = await Installation.start();
}, WITHIN_MS);
afterAll(() => here.close(), WITHIN_MS);

describe('A block of a document', () => {
  it('has a fence and a language', () => {
    const bare = blocks.filter(({ isIndented, language }) => isIndented || language === '');
    expect(bare.map(({ document, text }) => `${document}: ${text}`)).toEqual([]);
  });

  it('still exists, if it is listed as not run here or as shown in another way', () => {
    const gone = [...ELSEWHERE, ...SPECIAL].filter((entry) => {
      return !blocks.some((block) => entryOf([entry], block) !== undefined);
    });
    expect(gone).toEqual([]);
  });
});

const shown = blocks.filter((block) => entryOf(ELSEWHERE, block) === undefined);

// In the order of the pages: the README says how to put `berth` on the PATH.
describe.each([...new Set(shown.map(({ document }) => document))])('%s', (document) => {
  const own = shown.filter((block) => block.document === document);

  it.each(own.map((block) => [begins(block.text), block] as const))(
    'works as printed: %s',
    async (_, block) => {
      const special = entryOf(SPECIAL, block);
      if (special !== undefined) return special.show(here, block);
      if (block.language === 'sh') return typed(block);
      if (block.language === 'json') return answered(block);
      if (block.language === 'ts') return programmed(block);
      throw new Error(`nobody knows how to show ${block.language}: see special.ts, elsewhere.ts`);
    },
    WITHIN_MS,
  );
});

/** The command succeeds and prints something. */
async function typed({ document, text }: Block): Promise<void> {
  printed = await type(await here.adapted(text), here.placeOf(document));
  expect(printed).not.toBe('');
}

/** The output of the commands before has the same shape. */
function answered({ text }: Block): Promise<void> {
  expect(shapeOf(JSON.parse(printed))).toEqual(shapeOf(JSON.parse(text)));
  return Promise.resolve();
}

/** The program runs in a folder where the client is installed. */
async function programmed({ text }: Block): Promise<void> {
  const cwd = here.path('my-matchmaker');
  await writeFile(here.path('my-matchmaker/example.mjs'), await here.adapted(text));
  const output = await type('node example.mjs', { ...here.placeOf('docs/sdk.md'), cwd });
  expect(output).toMatch(/^play on 127\.0\.0\.1:\d+ with token \S+\n$/);
}

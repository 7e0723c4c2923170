import { describe, expect, it, test } from '@jest/globals';
import { transform } from '@swc/core';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { mutations } from './catalogue/mutations.js';
import { mutated } from './mutation.js';
import { amended, NOTICED, testsIn } from './noticed.js';

describe('The mutations', () => {
  test('are thirty or more, each with a unique id', () => {
    expect(mutations.length).toBeGreaterThanOrEqual(30);
    expect(new Set(mutations.map(({ id }) => id)).size).toBe(mutations.length);
  });

  it.each(mutations.map((mutation) => [mutation.id, mutation] as const))(
    'still apply: the text of %s is found once, and its tests exist',
    async (_, mutation) => {
      const source = mutated(mutation, await readFile(mutation.file, 'utf8'));
      await transform(source, { jsc: { parser: { syntax: 'typescript' } } });
      expect(mutation.witnesses.length).toBeGreaterThan(0);
      expect(mutation.witnesses.filter(({ spec }) => !existsSync(spec))).toEqual([]);
    },
  );

  it('are listed with the tests that noticed them; `npm run mutate` writes the list', async () => {
    const listed = testsIn(await readFile(NOTICED, 'utf8'));
    expect([...listed.keys()]).toEqual(mutations.map(({ id }) => id));
  });

  it('keep their lines in the list while others are tried, until no test notices them', async () => {
    const list = await readFile(NOTICED, 'utf8');
    const [id = '', test] = [...testsIn(list)][0] ?? [];
    expect(amended(list, id, test)).toBe(list);
    expect([...testsIn(amended(list, id, undefined)).keys()]).not.toContain(id);
    expect(testsIn(amended(list, id, 'another')).get(id)).toBe('another');
  });

  it('must not match their text twice, or change nothing', () => {
    const [one] = mutations;
    if (one === undefined) throw new Error('there is none');
    expect(() => mutated(one, `${one.search}\n${one.search}`)).toThrow('2 times');
    expect(() => mutated(one, '')).toThrow('0 times');
  });
});

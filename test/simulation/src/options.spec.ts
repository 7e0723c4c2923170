import { describe, expect, it } from '@jest/globals';
import { readOptions } from './options.js';

describe('The command line', () => {
  it('asks for a hundred seeds by itself', () =>
    expect(readOptions([])).toEqual({ from: 1, seeds: 100, skewMs: 0, isVerbose: false }));

  it('may ask for one seed', () =>
    expect(readOptions(['--seed', '42'])).toMatchObject({ from: 42, seeds: 1 }));

  it('may ask for so many seeds from somewhere', () =>
    expect(readOptions(['--seeds', '7', '--from', '90'])).toMatchObject({ from: 90, seeds: 7 }));

  it.each([
    ['--seeds', 'many'],
    ['--seed', '-1'],
    ['--sedes', '3'],
  ])('may not say %s %s', (...words) => expect(() => readOptions(words)).toThrow());
});

import { describe, expect, it } from '@jest/globals';
import { readOptions } from './options.js';

describe('The command line', () => {
  it('runs a hundred seeds by default', () =>
    expect(readOptions([])).toEqual({ from: 1, seeds: 100, skewMs: 0, isVerbose: false }));

  it('can select one seed', () =>
    expect(readOptions(['--seed', '42'])).toMatchObject({ from: 42, seeds: 1 }));

  it('can select a number of seeds from a first one', () =>
    expect(readOptions(['--seeds', '7', '--from', '90'])).toMatchObject({ from: 90, seeds: 7 }));

  it.each([
    ['--seeds', 'many'],
    ['--seed', '-1'],
    ['--sedes', '3'],
  ])('is refused with %s %s', (...words) => expect(() => readOptions(words)).toThrow());
});

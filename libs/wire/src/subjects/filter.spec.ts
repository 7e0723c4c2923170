import { describe, expect, it } from '@jest/globals';
import { matches } from './filter.js';

describe('A filter', () => {
  it.each([
    ['a.b', 'a.b', true],
    ['a.b', 'a', false],
    ['a', 'a.b', false],
    ['a.*', 'a.b', true],
    ['a.*', 'a', false],
    ['a.*', 'a.b.c', false],
    ['*.b', 'a.b', true],
    ['*.b', 'a.c', false],
    ['>', 'a', true],
    ['>', 'a.b', true],
    ['a.>', 'a', false],
    ['a.>', 'a.b.c', true],
    ['*.>', 'a.b', true],
    ['a*', 'ab', false],
    ['a.>', 'a.*.c', true],
    ['a.*', 'a.*', true],
    ['a.*', 'a.>', false],
    ['a.b', 'a.*', false],
  ])('%s and the subject %s: %j', (filter, subject, expected) => {
    expect(matches(filter, subject)).toBe(expected);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lineOf, wordsOf } from './command-line.js';

describe('A command line', () => {
  it.each<[string, readonly string[]]>([
    ['-port $$port$$  -log\n$$log_dir$$ ', ['-port', '$$port$$', '-log', '$$log_dir$$']],
    ['-map "two words" \'and more\'', ['-map', 'two words', 'and more']],
    ['-name "Pier \\"B\\"" -next', ['-name', 'Pier "B"', '-next']],
    ['-name=\'two words\' -x="" ""', ['-name=two words', '-x=', '']],
    ['"two words"/and/more "a""b"', ['two words/and/more', 'ab']],
    ['-path C:\\maps\\x "D:\\My Maps\\\\"', ['-path', 'C:\\maps\\x', 'D:\\My Maps\\']],
    ['-json "{\\"mode\\":\\"dm\\"}" {\\"a\\":1}', ['-json', '{"mode":"dm"}', '{"a":1}']],
    ['-json \'{"mode":"dm"}\'', ['-json', '{"mode":"dm"}']],
    ['', []],
  ])('%j is split into words', (line, words) => {
    expect(wordsOf(line)).toEqual({ words, kept: [] });
  });

  it.each<[string, readonly string[], readonly string[]]>([
    [
      '-json {"mode":"dm","max":16}',
      ['-json', '{"mode":"dm","max":16}'],
      ['{"mode":"dm","max":16}'],
    ],
    ['{"name":"two words"} x', ['{"name":"two words"}', 'x'], ['{"name":"two words"}']],
    ['{"name":"a \\" b"} x', ['{"name":"a \\" b"}', 'x'], ['{"name":"a \\" b"}']],
    ['-motd don\'t -size 5"', ['-motd', "don't", '-size', '5"'], ["don't", '5"']],
  ])('%j keeps quotes within a word, and the result says so', (line, words, kept) => {
    expect(wordsOf(line)).toEqual({ words, kept });
  });

  it.each(['-name "two', "-x='", '"'])('is refused if a quote is not closed: %j', (line) => {
    expect(() => wordsOf(line)).toThrow('is not closed');
  });

  it('made from words is split into the same words', () => {
    const word = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('"', '\\', ' ', "'", '=', 'a') }),
    );
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(wordsOf(lineOf(words))).toEqual({ words, kept: [] });
      }),
    );
  });
});

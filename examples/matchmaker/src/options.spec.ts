import { describe, expect, it } from '@jest/globals';
import { readOptions, UsageError } from './options.js';

describe('the command line of the matchmaker', () => {
  it('may be empty', () => {
    expect(readOptions([])).toEqual({
      nats: 'nats://127.0.0.1:4222',
      region: 'local',
      mode: 'ctf',
      matches: 1,
      play: false,
      release: false,
    });
  });

  it('sets what is wanted', () => {
    const words = ['--region', 'eu', '--mode', 'duel', '--matches', '3', '--play', '--release'];
    expect(readOptions(words)).toMatchObject({
      region: 'eu',
      mode: 'duel',
      matches: 3,
      play: true,
      release: true,
    });
  });

  it('may ask for help', () => expect(readOptions(['--help'])).toBe('help'));

  it.each([['--matches', '0'], ['--matches', '1e3'], ['--matches', '-1'], ['--wat'], ['wat']])(
    'must not be %s %s',
    (...words) => expect(() => readOptions(words)).toThrow(UsageError),
  );
});

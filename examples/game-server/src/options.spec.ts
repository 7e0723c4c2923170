import { describe, expect, it } from '@jest/globals';
import { readOptions, UsageError } from './options.js';

describe('the command line', () => {
  it('has defaults, and takes the token from the environment', () => {
    expect(readOptions([], { BERTH_TOKEN: 'harbour-token' })).toEqual({
      host: '127.0.0.1',
      port: 7777,
      callbackPort: 7778,
      token: 'harbour-token',
      sdk: false,
    });
  });

  it('set where to listen', () => {
    const words = ['--port', '0', '--callback-port=9001', '--query-port', '9002'];
    words.push('--host', '::1', '--sdk');
    expect(readOptions(words, {})).toEqual({
      host: '::1',
      port: 0,
      callbackPort: 9001,
      queryPort: 9002,
      token: '',
      sdk: true,
    });
  });

  it('asks for help', () => {
    expect(readOptions(['--help'], {})).toBe('help');
  });

  it.each([
    [['--prot', '1'], /--prot/],
    [['--port'], /--port/],
    [['--port', 'http'], /--port must be a number from 0 to 65535, not "http"/],
    [['--callback-port', '65536'], /--callback-port must be a number/],
    [['--query-port', '-1'], /--query-port/],
    [['extra'], /extra/],
  ])('is refused as %j, with the reason', (words, reason) => {
    const read = (): unknown => readOptions(words, {});
    expect(read).toThrow(UsageError);
    expect(read).toThrow(reason);
  });
});

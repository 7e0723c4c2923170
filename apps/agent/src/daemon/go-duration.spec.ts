import { describe, expect, it } from '@jest/globals';
import { goDurationMs } from './go-duration.js';

describe('a duration in the notation of Go', () => {
  it.each([
    ['10m0s', 600_000],
    ['1h30m', 5_400_000],
    ['1.5s', 1_500],
    ['250ms', 250],
    ['.5h', 1_800_000],
    ['1m0.001s', 60_001],
  ])('%s is %d ms', (text, ms) => expect(goDurationMs(text)).toBeCloseTo(ms));

  it.each(['', '10', 'm', '10 m', '-1s', '10min', '1h-2m', 'ten'])(
    '"%s" is not a duration',
    (text) => {
      expect(goDurationMs(text)).toBeNull();
    },
  );
});

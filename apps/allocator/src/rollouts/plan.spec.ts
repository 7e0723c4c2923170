import { describe, expect, it } from '@jest/globals';
import { effortsFor } from './plan.js';

describe('A rollout', () => {
  it.each([
    { failed: 0, inChange: 0, atATime: 1, efforts: ['stirred', 'atOnce', 'warm'] },
    { failed: 0, inChange: 1, atATime: 1, efforts: ['stirred', 'atOnce'] },
    { failed: 0, inChange: 1, atATime: 2, efforts: ['stirred', 'atOnce', 'warm'] },
    { failed: 0, inChange: 5, atATime: 2, efforts: ['stirred', 'atOnce'] },
    { failed: 1, inChange: 1, atATime: 2, efforts: [] },
  ])('with $failed failed and $inChange of $atATime in change goes on with $efforts', (row) => {
    expect(effortsFor(row, row.atATime)).toEqual(row.efforts);
  });
});

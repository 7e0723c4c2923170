import { describe, expect, it } from '@jest/globals';
import { backoffMs } from './backoff.js';

describe('the backoff', () => {
  it('is zero without a failure, then doubles up to half a minute', () => {
    expect([0, 1, 2, 3, 7, 100].map(backoffMs)).toEqual([0, 500, 1_000, 2_000, 30_000, 30_000]);
  });
});

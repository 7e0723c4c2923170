import { describe, expect, it } from '@jest/globals';
import { formatTable } from './report.js';
import type { Result } from './rounds.js';

describe('the table', () => {
  const result = (target: string, concurrency: number, p50: number): Result => {
    const measurement = { count: 100, errors: 0, p50, p99: 4 * p50, perSecond: 1_000 / p50 };
    return { target, concurrency, measurement };
  };

  it('shows one target without a ratio', () => {
    expect(formatTable([result('bare', 1, 0.5), result('bare', 64, 8)])).toBe(
      [
        'in flight  target  p50 ms  p99 ms  req/s  errors',
        '        1  bare      0.50    2.00   2000       0',
        '       64  bare      8.00   32.00    125       0',
      ].join('\n'),
    );
  });

  it('compares the others with the first, at the same number in flight', () => {
    const results = [result('bare', 1, 0.5), result('berth', 1, 1)];
    const lines = formatTable(results).split('\n');
    expect(lines[0]).toMatch(/errors {2}p50, p99, req\/s against the floor$/);
    expect(lines[1]).toMatch(/bare .* 0$/);
    expect(lines[2]).toMatch(/berth .* 0 {2}2\.00× {2}2\.00× {2}0\.50×$/);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { Load } from './options.js';
import { formatTable, markdownTable } from './report.js';
import type { Result } from './rounds.js';

const alone: Load = { kind: 'in flight', amount: 1, warmUp: 1, count: 100 };
const many: Load = { ...alone, amount: 64 };
const traffic = { stored: 3, messagesIn: 7, messagesOut: 10, bytesIn: 1_500, bytesOut: 2_000 };

function result(target: string, load: Load, p50: number): Result {
  const cpu = { allocator: 60, load: 40 };
  const latencies = { p50, p99: 4 * p50, perSecond: 1_000 / p50 };
  return { target, load, measurement: { count: 100, errors: 0, ...latencies, cpu, traffic } };
}

describe('the table', () => {
  it('has a row for each target under each load, and no ratio for the baseline', () => {
    const [, ...lines] = formatTable([result('bare', alone, 0.5), result('bare', many, 8)]).split(
      '\n',
    );
    expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
      ['1 in flight', 'bare', '0.50', '2.00', '2000', '0', '100 = allocator 60 + load 40', SENT],
      ['64 in flight', 'bare', '8.00', '32.00', '125', '0', '100 = allocator 60 + load 40', SENT],
    ]);
  });

  it('compares the others with the first under the same load', () => {
    const lines = formatTable([result('bare', alone, 0.5), result('berth', alone, 1)]).split('\n');
    expect(lines[1]).not.toMatch(/×/);
    expect(lines[2]).toMatch(/berth .* 0 {2}2\.00× 2\.00× 0\.50× /);
  });

  it('is valid Markdown', () => {
    const lines = markdownTable([result('bare', alone, 0.5)]).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(/^\| 1 in flight \| bare \| 0\.50 \|.*\|$/);
  });
});

const SENT = '3.0, 7.0 1.5, 10.0 2.0';

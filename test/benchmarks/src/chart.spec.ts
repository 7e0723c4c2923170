import { describe, expect, it } from '@jest/globals';
import { chart } from './chart.js';
import type { Result } from './rounds.js';

const traffic = { stored: 3, messagesIn: 7, messagesOut: 10, bytesIn: 1_500, bytesOut: 2_000 };
const result = (
  target: string,
  perSecond: number,
  cpu: Readonly<Record<string, number>>,
): Result => ({
  target,
  load: { kind: 'in flight', amount: 64, warmUp: 1, count: 100 },
  measurement: { count: 100, errors: 0, p50: 2, p99: 3, perSecond, cpu, traffic },
});
const drawn = chart('A & B', [
  result('bare', 1_000, { allocator: 60, load: 40 }),
  result('berth', 500, { allocator: 300, load: 100 }),
]);
const widths = [...drawn.matchAll(/<rect x="[\d.]+" y="\d+" width="([\d.]+)"/g)].map(([, width]) =>
  Number(width),
);

describe('The chart of a run', () => {
  it('draws each value to the scale of its block, and the processes one behind the other', () => {
    expect(widths.slice(0, 8)).toEqual([480, 240, 480, 480, 72, 48, 360, 120]);
  });

  it('says what is drawn', () => {
    expect(drawn).toContain('>64 in flight: allocations a second<');
    expect(drawn).toMatch(/>berth<[^]*>500</);
    expect(drawn).toContain('>A &amp; B<');
  });
});

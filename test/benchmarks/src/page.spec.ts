import { describe, expect, it } from '@jest/globals';
import { withFigures } from './page.js';
import type { Result } from './rounds.js';

const traffic = { stored: 3, messagesIn: 7, messagesOut: 10, bytesIn: 1_500, bytesOut: 2_000 };
const result = (target: string, p50: number): Result => ({
  target,
  load: { kind: 'in flight', amount: 1, warmUp: 1, count: 100 },
  measurement: { count: 100, errors: 0, p50, p99: p50, perSecond: 1_000, cpu: {}, traffic },
});
const run = {
  machine: '2 × processor\nnode v20',
  syncAlways: true,
  rounds: 7,
  results: [result('bare', 1), result('berth', 2)],
};
const page = 'Before.\n\n<!-- figures of a.json -->\n\nold\n\n<!-- end of figures -->\n\nAfter.\n';

describe('The page on performance', () => {
  it('shows the newest figures, and keeps the text around them', () => {
    const text = withFigures(page, 'a.json', run);
    expect(text).toMatch(/^Before\.\n\n<!-- figures of a\.json -->\n\n2 × processor; node v20\. /);
    expect(text).toMatch(/\| berth \| 2\.00 \| .* 2\.00× 2\.00× 1\.00× /);
    expect(text).toMatch(/<!-- end of figures -->\n\nAfter\.\n$/);
    expect(text).toContain('![Chart](a.svg)');
    expect(text).not.toContain('old');
    expect(withFigures(text, 'a.json', run)).toBe(text);
  });

  it('must have a place for them', () => {
    expect(() => withFigures(page, 'b.json', run)).toThrow(/b\.json/);
  });
});

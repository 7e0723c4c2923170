import { describe, expect, it } from '@jest/globals';
import { readPlan, type Plan } from './options.js';

describe('the command line', () => {
  it('asks for help', () => {
    expect(readPlan(['--quick', '--help'])).toBe('help');
  });

  it('can ask for less, and then two targets take under a minute', () => {
    const seconds = (words: string[]): number => {
      const { rounds, concurrencies, warmUpMs, durationMs } = readPlan(words) as Plan;
      return (2 * rounds * concurrencies.length * (warmUpMs + durationMs)) / 1_000;
    };
    expect(seconds(['--quick'])).toBeLessThan(50);
    expect(seconds([])).toBeGreaterThan(seconds(['--quick']));
  });

  it('is refused with the reason when it says anything else', () => {
    expect(() => readPlan(['--slow'])).toThrow(/--slow/);
    expect(() => readPlan(['quick'])).toThrow(/quick/);
  });
});

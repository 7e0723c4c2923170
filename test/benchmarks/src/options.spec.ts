import { describe, expect, it } from '@jest/globals';
import { readPlan, type Plan } from './options.js';

describe('the command line', () => {
  it('asks for help', () => {
    expect(readPlan(['--quick', '--help'])).toBe('help');
  });

  it('can ask for less', () => {
    const asked = (words: string[]): number => {
      const { rounds, loads } = readPlan(words) as Plan;
      return rounds * loads.reduce((sum, { warmUp, count }) => sum + warmUp + count, 0);
    };
    expect(10 * asked(['--quick'])).toBeLessThan(asked([]));
  });

  it('can name those to be measured, and where the results go', () => {
    expect(readPlan(['--targets', 'bare,berth', '--json', 'a.json', '--no-sync'])).toMatchObject({
      targets: ['bare', 'berth'],
      json: 'a.json',
      syncAlways: false,
    });
    expect(readPlan([])).toMatchObject({ targets: [], json: undefined, syncAlways: true });
  });

  it('is refused with the reason when it says anything else', () => {
    expect(() => readPlan(['--slow'])).toThrow(/--slow/);
    expect(() => readPlan(['quick'])).toThrow(/quick/);
  });
});

import { describe, expect, it } from '@jest/globals';
import { readPlan, type Plan } from './options.js';

describe('the command line', () => {
  it('asks for help', () => {
    expect(readPlan(['--quick', '--help'])).toBe('help');
  });

  it('can ask for fewer targets and requests', () => {
    const asked = (words: string[]): number => {
      const { rounds, loads } = readPlan(words) as Plan;
      return rounds * loads.reduce((sum, { warmUp, count }) => sum + warmUp + count, 0);
    };
    expect(10 * asked(['--quick'])).toBeLessThan(asked([]));
  });

  it('can ask for more rounds', () => {
    const rounds = (...words: string[]) => (readPlan(words) as Plan).rounds;
    expect(rounds('--quick', '--rounds', '20')).toBe(20);
    expect(() => rounds('--rounds', '0')).toThrow('a whole number above 0, not 0');
  });

  it('can name the targets to measure, and the file for the results', () => {
    expect(readPlan(['--targets', 'bare,berth', '--json', 'a.json', '--no-sync'])).toMatchObject({
      targets: ['bare', 'berth'],
      json: 'a.json',
      syncAlways: false,
    });
    expect(readPlan([])).toMatchObject({ targets: [], json: undefined, syncAlways: true });
  });

  it('is refused with the reason for anything else', () => {
    expect(() => readPlan(['--slow'])).toThrow(/--slow/);
    expect(() => readPlan(['quick'])).toThrow(/quick/);
  });
});

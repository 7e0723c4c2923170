import { describe, expect, it } from '@jest/globals';
import { changesAllowed } from './rollout-plan.js';

describe('A rollout', () => {
  it.each([
    { failed: 0, inChange: 0, atATime: 1, costs: ['changing', 'cold', 'warm'] },
    { failed: 0, inChange: 1, atATime: 1, costs: ['changing', 'cold'] },
    { failed: 0, inChange: 1, atATime: 2, costs: ['changing', 'cold', 'warm'] },
    { failed: 0, inChange: 5, atATime: 2, costs: ['changing', 'cold'] },
    { failed: 1, inChange: 1, atATime: 2, costs: [] },
  ])(
    'with $failed failed and $inChange of $atATime in change may change slots of cost $costs',
    (row) => {
      expect(changesAllowed(row, row.atATime)).toEqual(row.costs);
    },
  );
});

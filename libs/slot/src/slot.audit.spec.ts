import { describe, expect, it } from '@jest/globals';
import { firstDifference, slot } from '#slot';
import { aProcess, given, reported } from '#testing';

describe('The audit of a history', () => {
  const decision = given(slot).when(reported({ process: aProcess() })).decision;
  const steps = decision.kind === 'accepted' ? decision.steps : [];

  it('finds nothing in a valid one', () => expect(firstDifference(steps)).toBeUndefined());

  it('finds a state that does not follow', () => {
    const [first, second] = steps;
    if (!first || !second) throw new Error('the history is too short');
    const forged = { ...second, state: first.state };
    expect(firstDifference([first, forged])).toMatchObject({ index: 1, replayed: second.state });
  });

  it('finds an event that cannot have happened', () => {
    expect(firstDifference(steps.slice(1))).toMatchObject({ index: 0, replayed: null });
  });
});

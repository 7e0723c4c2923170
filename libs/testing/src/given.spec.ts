import { describe, expect, it } from '@jest/globals';
import { refusal, type Decider } from '#kernel';
import { given } from './given.js';

interface Raised {
  readonly type: 'Raised';
  readonly by: number;
}

/** A counter that refuses to go beyond three. */
const counter: Decider<number, { readonly type: 'Raise'; readonly by: number }, Raised> = {
  initial: 0,
  evolve: (state, { by }) => state + by,
  decide(state, { by }) {
    if (state + by > 3) return { kind: 'refused', refusal: refusal('too-high', 'three is all') };
    if (by === 0) return { kind: 'accepted', steps: [] };
    return { kind: 'accepted', steps: [{ event: { type: 'Raised', by }, state: state + by }] };
  },
};

const raise = (by: number) => ({ type: 'Raise', by }) as const;
const one = given(counter, { type: 'Raised', by: 1 });

describe('An example', () => {
  it('passes if exactly the expected events are proposed', () => {
    one.when(raise(1)).then('Raised');
    one.when(raise(1)).then({ type: 'Raised', by: 1 });
    one.when(raise(0)).thenNothing();
    one.when(raise(3)).thenRefused('too-high');
  });

  it('knows the state after the commands', () => {
    expect(one.when(raise(1), raise(1)).state).toBe(3);
    expect(one.when(raise(1), raise(9)).state).toBe(2);
  });

  it.each([
    ['another field', () => one.when(raise(1)).then({ type: 'Raised', by: 2 })],
    ['a missing event', () => one.when(raise(0)).then('Raised')],
    ['an extra event', () => one.when(raise(1)).then()],
    ['an event instead of none', () => one.when(raise(1)).thenNothing()],
    ['a refusal', () => one.when(raise(3)).then('Raised')],
    ['another refusal', () => one.when(raise(3)).thenRefused('not-now')],
    ['a missing refusal', () => one.when(raise(1)).thenRefused('too-high')],
    ['a refusal on the way', () => one.when(raise(3), raise(1)).then('Raised')],
  ])('fails at %s', (_, example) => expect(example).toThrow());
});

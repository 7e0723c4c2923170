import { describe, expect, it } from '@jest/globals';
import { machineDecider, permits } from '#kernel';
import fc from 'fast-check';
import { and, assign, createMachine, raise, transition, type AnyStateMachine } from 'xstate';

interface Count {
  readonly count: number;
}

const add = (by: number) =>
  assign(({ context }: { context: Count }) => ({ count: context.count + by }));
const isOdd = ({ context }: { context: Count }) => context.count % 2 === 1;

/**
 * Nested states, transitions that hide outer ones, guards by name, several changes in one event.
 */
const walk = createMachine(
  {
    id: 'walk',
    context: { count: 0 },
    initial: 'out',
    on: { Reset: '#walk.out', Counted: { actions: add(1) } },
    states: {
      out: {
        initial: 'near',
        on: {
          Stepped: { actions: add(10) },
          Home: { guard: 'isOdd', target: 'home' },
          Again: 'out',
        },
        states: {
          near: { on: { Stepped: { guard: 'isOdd', target: 'far', actions: [add(1), add(2)] } } },
          far: {
            initial: 'hill',
            on: { Stepped: [{ guard: isOdd, target: 'near' }, { actions: add(3) }] },
            states: { hill: { on: { Fell: 'lake', Counted: 'lake' } }, lake: {} },
          },
        },
      },
      home: {},
    },
  },
  { guards: { isOdd: isOdd } },
);
const EVENTS = ['Reset', 'Counted', 'Stepped', 'Home', 'Again', 'Fell', 'Unheard'];

const walker = machineDecider(walk as AnyStateMachine, (_, event: { type: string }) => [event]);

/** The result of XState's own interpreter. */
function interpreted(state: typeof walker.initial, event: { type: string }) {
  const snapshot = walk.resolveState(state as never);
  if (!snapshot.can(event)) return undefined;
  const [{ value, context }] = transition(walk, snapshot, event);
  return { value, context };
}

describe('A table of transitions', () => {
  it('agrees with the machine in every state that a random walk reaches', () => {
    const law = fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 20 }), (types) => {
      let state = walker.initial;
      for (const type of types) {
        for (const event of EVENTS.map((one) => ({ type: one }))) {
          const expected = interpreted(state, event);
          const decision = walker.decide(state, event);
          expect(decision.kind === 'accepted' ? decision.steps[0]?.state : undefined).toEqual(
            expected,
          );
          expect(permits(walk, state as never, event)).toBe(expected !== undefined);
        }
        state = interpreted(state, { type }) ?? state;
      }
    });
    fc.assert(law);
  });

  it('knows no states other than those of the machine', () => {
    for (const value of ['nowhere', 'out', { out: 'far' }, { out: { near: 'hill' } }, {}]) {
      const state = { value, context: { count: 0 } };
      expect(() => permits(walk, state as never, { type: 'Reset' })).toThrow(/there is no state/);
    }
  });
});

const act = () => undefined;

describe('What a table cannot express', () => {
  it.each<[string, object, RegExp]>([
    ['an action with an effect', { on: { Go: { actions: act } } }, /an action other/],
    ['a raised event', { on: { Go: { actions: raise({ type: 'Went' }) } } }, /an action other/],
    ['an action by name', { on: { Go: { actions: 'act' } } }, /an action other/],
    [
      'an assignment by fields',
      { on: { Go: { actions: assign({ count: 1 }) } } },
      /an action other/,
    ],
    ['combined guards', { on: { Go: { guard: and([act as never]), target: 'b' } } }, /a guard/],
    ['a missing guard', { on: { Go: { guard: 'unheard', target: 'b' } } }, /a guard/],
    [
      'a guard with parameters',
      { on: { Go: { guard: { type: 'isOdd' }, target: 'b' } } },
      /a guard/,
    ],
    ['an entry action', { entry: act }, /entry/],
    ['an exit action', { exit: act }, /exit/],
    ['an eventless transition', { always: 'b' }, /always/],
    ['a delayed transition', { after: { 10: 'b' } }, /entry/],
    ['an invoked actor', { invoke: { src: 'act' } }, /invoke/],
    ['parallel states', { type: 'parallel', states: { c: {}, d: {} } }, /parallel/],
    ['a history state', { initial: 'c', states: { c: {}, d: { type: 'history' } } }, /history/],
    ['a wildcard event', { on: { '*': 'b' } }, /\*/],
    ['a partial wildcard event', { on: { 'Go.*': 'b' } }, /Go\.\*/],
    ['a forbidden event', { on: { Go: {} } }, /no Go/],
    [
      'a transition on completion',
      { initial: 'c', states: { c: {} }, onDone: 'b' },
      /xstate\.done/,
    ],
    [
      'a transition out of a final state',
      { initial: 'c', states: { c: { type: 'final' } }, on: { Go: 'b' } },
      /final/,
    ],
  ])('is refused at the start: %s', (_, a, reason) => {
    const machine = createMachine({ id: 'm', initial: 'a', states: { a, b: {} } } as never);
    const start = () => machineDecider(machine as AnyStateMachine, () => []);
    expect(start).toThrow(TypeError);
    expect(start).toThrow(reason);
  });
});

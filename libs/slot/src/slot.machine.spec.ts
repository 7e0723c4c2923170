import { describe, expect, it } from '@jest/globals';
import { permits } from '#kernel';
import { slot, slotMachine, type SlotEvent, type SlotState } from '#slot';
import { EVENT_TYPES, START, aLife, aProcess, anEvent } from '#testing';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { transition, type AnyStateMachine } from 'xstate';

/** The result of XState's own interpreter. */
function interpreted(state: SlotState, event: SlotEvent): SlotState | undefined {
  const snapshot = slotMachine.resolveState(state);
  if (!snapshot.can(event)) return undefined;
  const [next] = transition(slotMachine as AnyStateMachine, snapshot, event);
  return { value: next.value, context: next.context as SlotState['context'] };
}

function tabled(state: SlotState, event: SlotEvent): SlotState | undefined {
  return permits(slotMachine, state, event) ? slot.evolve(state, event) : undefined;
}

/** Each type of event, at `at`, with the variants that guards distinguish. */
function everyEvent(at: number): readonly SlotEvent[] {
  return [
    ...EVENT_TYPES.map((type) => ({ ...anEvent(type), at })),
    anEvent('SlotCleared', { process: aProcess() }),
    anEvent('AgentReturned', { incarnation: at }),
    anEvent('Crashed', { consequence: 'restart' }),
    anEvent('Crashed', { consequence: 'end' }),
    anEvent('TtlExpired', { at, limit: 'idle' }),
    anEvent('TtlExpired', { at, limit: 'session' }),
  ];
}

describe("The table derived from the slot's machine", () => {
  it('agrees with the machine, for every event at every turn of any life', () => {
    const someInstant = fc.integer({ min: START - 1, max: START + 1_000_000 });
    const law = fc.property(aLife(), aLife(), someInstant, (life, other, at) => {
      const events = [...everyEvent(at), ...other.steps.map(({ event }) => event)];
      for (const state of [slot.initial, ...life.steps.map((step) => step.state)]) {
        const differ = events.filter(
          (event) => !isDeepStrictEqual(tabled(state, event), interpreted(state, event)),
        );
        expect(differ).toEqual([]);
      }
    });
    fc.assert(law);
  });
});

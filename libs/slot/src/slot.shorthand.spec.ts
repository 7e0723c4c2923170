import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { printJson } from '#json';
import { aLife, anEvent } from '#testing';
import { blank, shortEvent, shortState, wholeEvent, wholeState, type SlotState } from '#slot';

/** As after printing and parsing. */
const printed = <T>(value: T): T => JSON.parse(printJson(value)) as T;

describe('What is printed of an event and its state', () => {
  it('leaves out what readers of any version take a missing member for, and nothing else', () => {
    expect(printed(shortState({ value: 'unregistered', context: blank }))).toEqual({
      value: 'unregistered',
      context: {
        ...{ offer: null, incarnation: 0, process: null, fence: 0, allocation: null },
        ...{ lastEnd: null, pending: null, agentLost: false },
      },
    });
    const { type, at, ...claim } = anEvent('AllocationRequested');
    const { version, restartsMax, readiness, fresh, ...required } = claim;
    expect({ version, restartsMax, readiness, fresh }).toEqual({
      ...{ version: 0, restartsMax: null, readiness: false, fresh: false },
    });
    const left = { ...required, requestedBy: 'matchmaker' };
    expect(shortEvent({ ...claim, requestedBy: 'matchmaker' }, type)).toEqual(left);
    expect(at).toBeGreaterThan(0);
  });

  it('keeps what is not as usual', () => {
    const claim = { version: 2, restartsMax: 0, readiness: true, fresh: true, requestedBy: 'me' };
    expect(shortEvent(claim, 'AllocationRequested')).toEqual(claim);
    const context = { ...blank, warmth: false, heldUntil: 1 };
    expect(printed(shortState({ value: 'drained', context }))).toMatchObject({
      context: { warmth: false, heldUntil: 1 },
    });
  });

  it('is made whole again, each member in its place', () => {
    const law = fc.property(aLife(), ({ steps }) => {
      for (const { event, state } of steps) {
        const { type, at: _, ...told } = event;
        expect(printJson(wholeState(shortState(state) as SlotState))).toBe(printJson(state));
        expect(wholeEvent(shortEvent(told, type), type)).toEqual(told);
      }
    });
    fc.assert(law);
  });
});

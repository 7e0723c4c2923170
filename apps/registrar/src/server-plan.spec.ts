import { JsonText } from '#json';
import { slot, type SlotEvent } from '#slot';
import { anAllocation, anEvent, given, past } from '#testing';
import { describe, expect, it } from '@jest/globals';
import { nextAction } from './server-plan.js';
import { DEPARTURES, type Departure, type Registration } from './registration.js';
import { aRegistration } from '../test/support/samples.js';

const stateAfter = (events: readonly SlotEvent[]) => given(slot, ...events).state;
const steps = (events: readonly SlotEvent[], changes: Partial<Registration> = {}) =>
  nextAction(stateAfter(events), aRegistration(changes));

const gone = Object.keys(DEPARTURES) as readonly Departure[];
const acked = {
  fence: 1,
  outcome: { outcome: 'acked', answer: JsonText.null },
  allocation: null,
} as const;

describe('The plan for a registered server', () => {
  it('is to report it as long as it is registered', () => {
    for (const events of [[], past.cold, past.warm, past.live]) {
      expect(steps(events)).toEqual({ type: 'report' });
    }
  });

  it('is to call it back once for each claim', () => {
    expect(steps(past.awaiting)).toMatchObject({ type: 'call', claim: { fence: 1 } });
    expect(steps(past.awaiting, { called: acked })).toEqual({ type: 'report' });
    expect(steps(past.awaiting, { called: { ...acked, fence: 0 } })).toMatchObject({
      type: 'call',
    });
  });

  it('is to call it for a claim of another id that has the fence of one it refused', () => {
    const refused = { outcome: 'refused', reason: 'no', cause: 'game' } as const;
    const allocation = anAllocation({ id: 'match-9' });
    expect(
      steps(past.awaiting, { called: { fence: 1, outcome: refused, allocation } }),
    ).toMatchObject({
      type: 'call',
    });
  });

  it('is to do nothing that ends a session which the log has lost', () => {
    const called = { ...acked, allocation: anAllocation({ id: 'match-9' }) };
    for (const events of [past.warm, past.awaiting, past.deallocated]) {
      expect(steps(events, { called })).toEqual({ type: 'report' });
    }
  });

  it.each(gone)('is to retire it while it is free, if it is %s', (departure) => {
    const expected = { type: 'retire', reason: DEPARTURES[departure] };
    expect(steps(past.warm, { departure })).toEqual(expected);
  });

  it.each(gone)('is to refuse the claim for it, if it is %s', (departure) => {
    const expected = { type: 'refuse', claim: { fence: 1 }, reason: DEPARTURES[departure] };
    expect(steps(past.awaiting, { departure })).toMatchObject(expected);
  });

  it.each(gone)('is to report the session of one that is %s', (departure) =>
    expect(steps(past.live, { departure })).toEqual({ type: 'report' }),
  );

  it('is never to offer it again after its session', () => {
    const ended = [...past.live, anEvent('ExitedZero')];
    expect(steps(ended)).toEqual({ type: 'retire', reason: 'its session is over: ExitedZero' });
    const refused = [...past.awaiting, { ...anEvent('CallbackRefused'), reason: 'not today' }];
    expect(steps(refused)).toMatchObject({ reason: expect.stringContaining('not today') });
  });

  it('is to forget it once nothing of it is left', () => {
    const retired = [...past.warm, anEvent('SlotRetired')];
    expect(steps(retired)).toEqual({ type: 'forget' });
    expect(steps([], { departure: 'deregistered' })).toEqual({ type: 'forget' });
  });
});

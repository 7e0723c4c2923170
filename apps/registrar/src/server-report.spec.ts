import { JsonText } from '#json';
import { isShown } from '#slot-owner';
import { slot, type SlotEvent } from '#slot';
import { anAllocation, given, past, START } from '#testing';
import { describe, expect, it } from '@jest/globals';
import { offerOf, type Registration } from './registration.js';
import { reportOf } from './server-report.js';
import { aRegistration, someSettings } from '../test/support/samples.js';

const acked = {
  fence: 1,
  outcome: { outcome: 'acked', answer: JsonText.of({ map: 'docks' }) },
  allocation: null,
} as const;

/** Types of the events that the reports lead to, until the log shows what is reported. */
function recorded(events: readonly SlotEvent[], changes: Partial<Registration>): readonly string[] {
  const registration = aRegistration(changes);
  let { state } = given(slot, ...events);
  const types: string[] = [];
  for (let rounds = 0; rounds < 5; rounds += 1) {
    const report = reportOf(state, registration, offerOf(registration, someSettings()), START);
    const decision = slot.decide(state, { type: 'ApplyReport', at: START, report });
    if (isShown(state, report, START) || decision.kind === 'refused') return types;
    types.push(...decision.steps.map(({ event }) => event.type));
    state = decision.steps.at(-1)?.state ?? state;
  }
  throw new Error(`it never comes to rest: ${types.join(', ')}`);
}

describe('The report on a registered server', () => {
  it('offers it as a warm slot', () =>
    expect(recorded([], {})).toEqual(['SlotRegistered', 'ProcessStarted']));

  it('has the outcome of its callback', () => {
    expect(recorded(past.awaiting, { called: acked })).toContain('CallbackAcked');
    const no = {
      fence: 1,
      outcome: { outcome: 'refused', reason: 'not today', cause: 'game' },
      allocation: null,
    } as const;
    expect(recorded(past.awaiting, { called: no })).toEqual(['CallbackRefused']);
    expect(recorded(past.awaiting, {})).toEqual([]);
  });

  it('tells of the session that the log has lost, and answers no other claim with it', () => {
    const called = { ...acked, allocation: anAllocation({ id: 'match-9' }) };
    const registration = aRegistration({ called });
    const { state } = given(slot, ...past.awaiting);
    const report = reportOf(state, registration, offerOf(registration, someSettings()), START);
    expect(report.unlogged).toMatchObject({ fence: 1, allocation: { id: 'match-9' } });
    expect(report.session?.callback).toEqual({ outcome: 'pending' });
    const decision = slot.decide(state, { type: 'ApplyReport', at: START, report });
    expect(decision).toMatchObject({ steps: [{ event: { cause: 'occupied' } }] });
  });

  it('ends the session of a server that is gone, and of no other', () => {
    const ends = (departure: Registration['departure']) => {
      const types = recorded(past.live, { called: acked, departure });
      return types.filter((type) => /Exited|Crashed/.test(type));
    };
    expect(ends('deregistered')).toEqual(['ExitedZero']);
    expect(ends('replaced')).toContain('Crashed');
    for (const departure of [null, 'expired', 'unknown'] as const) {
      expect(ends(departure)).toEqual([]);
    }
  });

  it('reveals neither the URL nor the token of its callback', () => {
    const registration = aRegistration();
    const report = reportOf(
      given(slot).state,
      registration,
      offerOf(registration, someSettings()),
      START,
    );
    expect(JSON.stringify(report)).not.toMatch(/secret|3999/);
  });
});

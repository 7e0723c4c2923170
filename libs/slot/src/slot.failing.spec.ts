import { describe, expect, it } from '@jest/globals';
import { slot, withheldUntil, type ReportedCause, type SlotEvent, type SlotState } from '#slot';
import { anEvent, aSession, expire, given, reported, START } from '#testing';

const registered = anEvent('SlotRegistered');
const claimed = anEvent('AllocationRequested');
const cleared = anEvent('SlotCleared');
const after = (...events: readonly SlotEvent[]): SlotState =>
  events.reduce((state, event) => slot.evolve(state, event), slot.initial);

/** The state after a claim whose game does not start. */
function failed(state: SlotState, cause: ReportedCause): SlotState {
  const callback = { outcome: 'refused', reason: 'no such file', cause } as const;
  const report = reported({ session: aSession({ fence: state.context.fence, callback }) });
  const decision = slot.decide(state, report);
  if (decision.kind === 'refused') throw new Error(decision.refusal.message);
  return decision.steps.at(-1)?.state ?? state;
}

const failing = (times: number) =>
  Array.from({ length: times }).reduce<SlotState>(
    (state) => slot.evolve(failed(slot.evolve(state, claimed), 'not-started'), cleared),
    after(registered),
  );

describe('A slot whose games do not start', () => {
  it.each(['not-started', 'no-answer', 'process-ended'] as const)('counts %s', (cause) => {
    const { failedStarts } = failed(after(registered, claimed), cause).context;
    expect(failedStarts).toEqual({ count: 1, reason: 'no such file', at: START });
  });

  it('counts time-outs and starts that failed without a claim, but not refusals by a game', () => {
    given(slot, registered, claimed)
      .when(expire(START + 60_000))
      .then({ type: 'CallbackTimedOut', failedStarts: 1 });
    const failure = { check: 'start', reason: 'no such file', failedAt: START };
    given(slot, registered)
      .when(reported({ failure }))
      .then({ type: 'CheckFailed', failedStarts: 1 });
    const query = { ...failure, check: 'query' };
    given(slot, registered)
      .when(reported({ failure: query }))
      .then({ type: 'CheckFailed', failedStarts: 0 });
    expect(failed(after(registered, claimed), 'game').context.failedStarts).toBeNull();
  });

  it('is offered again after 30 s from the third failure on, then 60 s, and 10 min at most', () => {
    expect([1, 2].map((times) => withheldUntil(failing(times)))).toEqual([0, 0]);
    const pauses = [3, 4, 5, 20].map((times) => withheldUntil(failing(times)) - START);
    expect(pauses).toEqual([30_000, 60_000, 120_000, 600_000]);
  });

  it.each([
    ['a game has started', [claimed, anEvent('CallbackAcked')]],
    ['it is assigned another configuration', [anEvent('ConfigurationAssigned')]],
    ['its agent was restarted', [anEvent('SlotRegistered', { incarnation: START + 1 })]],
    ['it was drained', [anEvent('DrainRequested'), anEvent('DrainWithdrawn')]],
    ['it was in maintenance', [anEvent('MaintenanceRequested'), anEvent('MaintenanceEnded')]],
  ])('starts counting again once %s', (_, events) => {
    const state = events.reduce<SlotState>(
      (before, event) => slot.evolve(before, event),
      failing(3),
    );
    expect(state.context.failedStarts).toBeNull();
  });
});

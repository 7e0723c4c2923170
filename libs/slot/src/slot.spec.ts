import { JsonText } from '#json';
import { describe, expect, it } from '@jest/globals';
import { allocationOf, isAwaiting, isOffered, isWarm, nextDeadline, slot, statusOf } from '#slot';
import {
  START,
  aProcess,
  aReport,
  aRequest,
  aSession,
  anEvent,
  anOffer,
  deallocate,
  expire,
  given,
  past,
  reported,
  someLimits,
} from '#testing';

const { warm, awaiting } = past;
const registered = anEvent('SlotRegistered');
const claimed = anEvent('AllocationRequested');
const drained = anEvent('DrainRequested');
const lost = anEvent('AgentLost');
const ack = reported({ process: aProcess(), session: aSession() });
const crash = { exitCode: 139, signal: null };

describe('A slot', () => {
  it('lives from its registration to its next availability', () => {
    const clear = reported({ clearedFence: 1 });
    const { state } = given(slot).when(reported(), aRequest(), ack, deallocate(), clear);
    expect(statusOf(state)).toBe('available');
    expect(state.context).toMatchObject({ fence: 1, allocation: null });
    expect(state.context.lastEnd).toMatchObject({ allocationId: 'match-1', attempt: 1 });
  });

  describe('being registered', () => {
    it('becomes available cold with its first report', () => {
      const outcome = given(slot).when(reported());
      outcome.then({ type: 'SlotRegistered', offer: anOffer(), incarnation: START });
      expect(outcome.state.value).toEqual({ available: 'cold' });
    });

    it('becomes available warm if the report names a process', () => {
      const outcome = given(slot).when(reported({ process: aProcess() }));
      outcome.then('SlotRegistered', 'ProcessStarted');
      expect(isWarm(outcome.state)).toBe(true);
    });

    it('refuses claims before that', () =>
      given(slot).when(aRequest()).thenRefused('not-registered'));

    it('records a changed offer, and a new start of the agent', () => {
      const free = given(slot, registered);
      free.when(reported({ offer: anOffer({ priority: 7 }) })).then('SlotRegistered');
      free
        .when(reported({ incarnation: START + 1 }))
        .then({ type: 'SlotRegistered', incarnation: START + 1 });
    });

    it('keeps its numbers, and accepts others while it is free', () => {
      const numbered = given(slot).when({ ...reported(), numbers: { server: 7 } });
      numbered.then({ type: 'SlotRegistered', numbers: { server: 7 } });
      const again = given(slot, anEvent('SlotRegistered', { numbers: { server: 7 } }));
      const { offer: _, ...brief } = aReport();
      const renumbered = again.when({ ...reported(), report: brief, numbers: { machine: 8 } });
      renumbered.then({ type: 'SlotRegistered', numbers: { machine: 8 } });
      expect(renumbered.state.context.numbers).toEqual({ server: 7, machine: 8 });
      again.when({ ...reported(), report: brief }).thenNothing();
    });

    it('records nothing if nothing is new', () => {
      given(slot, registered).when(reported()).thenNothing();
      given(slot, ...warm)
        .when(reported({ process: aProcess() }))
        .thenNothing();
    });

    it('records that a process has stopped, and that another one has replaced it', () => {
      const free = given(slot, ...warm);
      free.when(reported()).then('ProcessStopped');
      free.when(reported({ process: aProcess({ pid: 2 }) })).then('ProcessStarted');
    });

    it('ignores a report of an earlier start of the agent', () => {
      given(slot, registered)
        .when(reported({ incarnation: START - 1, process: aProcess() }))
        .thenRefused('stale-report');
    });
  });

  describe('being claimed', () => {
    it('is allocated, with the next fence', () => {
      const { state } = given(slot, ...warm).when(aRequest());
      expect(statusOf(state)).toBe('allocated');
      expect(isAwaiting(state)).toBe(true);
      expect(state.context).toMatchObject({ fence: 1, allocation: { id: 'match-1', crashes: 0 } });
    });

    it('gives a running process less time to answer than one that has to start', () => {
      const at = START + 5;
      given(slot, ...warm)
        .when(aRequest({ at }))
        .then({ type: 'AllocationRequested', callbackUntil: at + 1_000 });
      given(slot, registered)
        .when(aRequest({ at }))
        .then({ type: 'AllocationRequested', callbackUntil: at + 10_000 });
      given(slot, ...warm)
        .when(aRequest({ at, buildConfiguration: 'harbour-2' }))
        .then({ type: 'AllocationRequested', callbackUntil: at + 10_000 });
    });

    it('uses the build configuration and limits of the offer if the request has none', () => {
      const offer = anOffer({ limits: someLimits({ idleMs: 7_000, sessionMs: 9_000 }) });
      const free = given(slot, anEvent('SlotRegistered', { offer }));
      const type = 'AllocationRequested';
      free
        .when(aRequest())
        .then({ type, buildConfiguration: 'harbour-1', idleMs: 7_000, sessionMs: 9_000 });
      free
        .when(aRequest({ buildConfiguration: 'harbour-2', idleMs: 3_000 }))
        .then({ type, buildConfiguration: 'harbour-2', idleMs: 3_000 });
    });

    it.each([
      ['is allocated', awaiting],
      ['is not cleared', past.deallocated],
      ['is drained', [...warm, drained]],
      ['is in maintenance', [...warm, anEvent('MaintenanceRequested')]],
      ['has lost its agent', [...warm, lost]],
      ['is retired', [...warm, anEvent('SlotRetired')]],
    ])('refuses while it %s', (_, past) => {
      given(slot, ...past)
        .when(aRequest({ allocationId: 'match-2' }))
        .thenRefused('not-now');
      expect(isOffered(given(slot, ...past).state)).toBe(false);
    });

    it('accepts the next claim with a higher fence once it is cleared', () => {
      const { state } = given(slot, ...past.cleared).when(aRequest());
      expect(state.context.fence).toBe(2);
    });
  });

  describe('awaiting its callback', () => {
    it('goes live with the answer, the token and the process of the acknowledgement', () => {
      const { state } = given(slot, registered, claimed).when(ack);
      expect(state.value).toEqual({ allocated: 'live' });
      expect(state.context.process).toEqual(aProcess());
      expect(allocationOf(state)).toMatchObject({
        answer: JsonText.of({ ready: true }),
        token: 'secret',
        acknowledgedAt: START,
      });
    });

    it('waits while there is no answer', () => {
      const session = aSession({ callback: { outcome: 'pending' } });
      given(slot, ...awaiting)
        .when(reported({ session }))
        .thenNothing();
    });

    it('ends when the game server refuses', () => {
      const session = aSession({
        callback: { outcome: 'refused', reason: 'no such map', cause: 'game' },
      });
      const outcome = given(slot, ...awaiting).when(reported({ session }));
      outcome.then({ type: 'CallbackRefused', reason: 'no such map' });
      expect(outcome.state.context.lastEnd).toMatchObject({ by: 'CallbackRefused' });
    });

    it('ends when the process ends before it answers', () => {
      const exit = { ...crash, lastLine: 'no such map: dcoks' };
      const session = aSession({ callback: { outcome: 'pending' }, exit });
      given(slot, ...awaiting)
        .when(reported({ session }))
        .then({
          type: 'CallbackRefused',
          cause: 'process-ended',
          reason: 'the game ended with exit code 139 before it answered',
          lastLine: 'no such map: dcoks',
        });
    });

    it('ends at its deadline and not before', () => {
      const callback = given(slot, ...awaiting);
      callback.when(expire(START + 999)).thenRefused('not-due');
      callback.when(expire(START + 1_000)).then('CallbackTimedOut');
      expect(nextDeadline(callback.state)).toEqual({ at: START + 1_000, limit: 'callback' });
    });

    it('is not revived by an acknowledgement after the time-out', () => {
      const timedOut = [...awaiting, anEvent('CallbackTimedOut')];
      given(slot, ...timedOut)
        .when(ack)
        .thenNothing();
      given(slot, ...timedOut, anEvent('SlotCleared'))
        .when(ack)
        .then('ProcessStarted');
    });

    it('is not answered by the acknowledgement of an earlier claim', () => {
      const session = aSession({ fence: 1 });
      given(slot, ...past.cleared, claimed)
        .when(reported({ session }))
        .thenNothing();
    });
  });
});

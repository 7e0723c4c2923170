import { describe, expect, it } from '@jest/globals';
import { isOffered, isWarm, slot, statusOf } from '#slot';
import {
  START,
  aProcess,
  aRequest,
  aSession,
  anEvent,
  anOffer,
  deallocate,
  direct,
  expire,
  given,
  loseAgent,
  past,
  reported,
  setWarmth,
} from '#testing';

const { warm, awaiting, live } = past;
const registered = anEvent('SlotRegistered');
const ended = anEvent('DeallocationRequested');
const drained = anEvent('DrainRequested');
const lost = anEvent('AgentLost');
const players = (count: number, at = START) =>
  reported({ process: aProcess(), session: aSession({ players: count }) }, at);

describe('A slot', () => {
  describe('being drained', () => {
    it('is drained at once while it is available, and comes back when that is withdrawn', () => {
      const outcome = given(slot, ...warm).when(direct('Drain'));
      expect(statusOf(outcome.state)).toBe('drained');
      const back = given(slot, ...warm).when(direct('Drain'), direct('WithdrawDrain'));
      expect(back.state.value).toEqual({ available: 'warm' });
    });

    it('protects its session, and is drained when that is cleared', () => {
      const outcome = given(slot, ...live).when(direct('Drain'));
      expect(statusOf(outcome.state)).toBe('allocated');
      const after = given(slot, ...live, drained, ended).when(reported({ clearedFence: 1 }));
      expect(statusOf(after.state)).toBe('drained');
      expect(after.state.context.pending).toBeNull();
    });

    it('is drained after a session whose game answered after the drain', () => {
      const { state } = given(slot, ...awaiting, drained, anEvent('CallbackAcked'), ended).when(
        reported({ clearedFence: 1 }),
      );
      expect(statusOf(state)).toBe('drained');
    });

    it('becomes available if the drain was withdrawn in the meantime', () => {
      const clear = reported({ clearedFence: 1 });
      const { state } = given(slot, ...live, drained).when(
        direct('WithdrawDrain'),
        deallocate(),
        clear,
      );
      expect(statusOf(state)).toBe('available');
    });

    it('refuses a second drain', () => {
      given(slot, ...live, drained)
        .when(direct('Drain'))
        .thenRefused('not-now');
      given(slot, ...warm)
        .when(direct('WithdrawDrain'))
        .thenRefused('not-now');
    });

    it('still records what its agent reports', () => {
      given(slot, registered, drained)
        .when(reported({ process: aProcess() }))
        .then('ProcessStarted');
    });
  });

  describe('in maintenance', () => {
    it('enters it at once, and comes back cold or warm according to its process', () => {
      const { state } = given(slot, registered).when(direct('BeginMaintenance'));
      expect(statusOf(state)).toBe('maintenance');
      const back = given(slot, registered).when(
        direct('BeginMaintenance'),
        direct('EndMaintenance'),
      );
      expect(back.state.value).toEqual({ available: 'cold' });
    });

    it('enters it after the running session', () => {
      const wanted = anEvent('MaintenanceRequested');
      const { state } = given(slot, ...live, wanted, ended).when(reported({ clearedFence: 1 }));
      expect(statusOf(state)).toBe('maintenance');
    });
  });

  describe('being cooled', () => {
    const cooled = anEvent('WarmthSet', { warmth: false });

    it('is cold at once for requests, whether its process still runs or not', () => {
      const outcome = given(slot, ...warm).when(setWarmth(false));
      outcome.then({ type: 'WarmthSet', warmth: false });
      expect(isWarm(outcome.state)).toBe(false);
      expect(isOffered(outcome.state)).toBe(true);
      const { callbackMs, coldStartMs } = anOffer().limits;
      given(slot, ...warm)
        .when(aRequest())
        .then({ type: 'AllocationRequested', callbackUntil: START + callbackMs });
      given(slot, ...warm, cooled)
        .when(aRequest())
        .then({ type: 'AllocationRequested', callbackUntil: START + coldStartMs });
    });

    it('stays cold through a session, until it is warmed or left to its agent', () => {
      const clear = reported({ clearedFence: 1 });
      const { state } = given(slot, ...warm, cooled).when(aRequest(), deallocate(), clear);
      expect(state.context.warmth).toBe(false);
      const left = given(slot, ...warm, cooled).when(setWarmth(null));
      left.then({ type: 'WarmthSet', warmth: null });
    });

    it('records nothing if nothing changes', () => {
      given(slot, ...warm, cooled)
        .when(setWarmth(false))
        .thenNothing();
    });

    it('waits until its session is cleared', () => {
      given(slot, ...live)
        .when(setWarmth(false))
        .thenRefused('not-now');
      given(slot, ...live, ended)
        .when(setWarmth(false))
        .thenRefused('not-now');
    });
  });

  describe('whose agent is lost', () => {
    it('is not offered, and is offered again with the first report', () => {
      const outcome = given(slot, registered).when(loseAgent());
      expect(isOffered(outcome.state)).toBe(false);
      const back = given(slot, registered, lost).when(reported());
      back.then('AgentReturned');
      expect(isOffered(back.state)).toBe(true);
    });

    it('is registered again if the agent has restarted', () => {
      given(slot, registered, lost)
        .when(reported({ incarnation: START + 1 }))
        .then({ type: 'AgentReturned', incarnation: START + 1 }, 'SlotRegistered');
    });

    it('keeps its session, and reports on it still count', () => {
      const outcome = given(slot, ...live, lost).when(players(2));
      outcome.then('AgentReturned', 'WentActive');
      expect(statusOf(outcome.state)).toBe('allocated');
    });

    it('still ends its session at the deadline', () => {
      given(slot, ...live, lost)
        .when(expire(START + 60_000))
        .then('TtlExpired');
    });

    it('is declared lost once', () =>
      given(slot, registered, lost).when(loseAgent()).thenRefused('not-now'));
  });

  describe('being retired', () => {
    it('is gone for ever', () => {
      const { state } = given(slot, ...warm).when(direct('Retire'));
      expect(statusOf(state)).toBe('retired');
      given(slot, ...warm)
        .when(direct('Retire'), reported())
        .thenNothing();
    });

    it('refuses while a session is protected', () =>
      given(slot, ...live)
        .when(direct('Retire'))
        .thenRefused('not-now'));
  });
});

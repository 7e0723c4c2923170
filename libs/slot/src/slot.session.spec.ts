import { describe, expect, it } from '@jest/globals';
import { permits } from '#kernel';
import { allocationOf, isWarm, nextDeadline, slot, slotMachine, statusOf } from '#slot';
import {
  START,
  aProcess,
  aSession,
  anEvent,
  deallocate,
  expire,
  given,
  past,
  reported,
} from '#testing';

const { warm, awaiting, live } = past;
const registered = anEvent('SlotRegistered');
const claimed = anEvent('AllocationRequested');
const acked = anEvent('CallbackAcked');
const active = anEvent('WentActive');
const players = (count: number, at = START) =>
  reported({ process: aProcess(), session: aSession({ players: count }) }, at);
const crash = { exitCode: 139, signal: null, lastLine: 'no such map: dcoks' };
const crashed = reported({ session: aSession({ exit: crash, crashes: 1 }) });
const crashedAgain = reported({ session: aSession({ exit: crash, crashes: 2 }) });
const restarted = reported({
  process: aProcess({ pid: 2 }),
  session: aSession({ crashes: 1 }),
});

describe('An answer to the callback', () => {
  // In the sample the deadline is one second after START.
  const answered = (at: number) => reported({ session: aSession() }, at);

  it('counts until a little after its deadline, because it may be recorded late', () => {
    given(slot, ...awaiting)
      .when(answered(START + 11_000))
      .then({ type: 'CallbackAcked' });
  });

  it('does not count after that, when the requester has long had another answer', () => {
    given(slot, ...awaiting)
      .when(answered(START + 11_001))
      .then({ type: 'CallbackTimedOut' });
  });
});

describe('A deadline', () => {
  // In the sample the callback has one second from START, and the idle clock runs for a minute.
  it.each([
    ['CallbackTimedOut', anEvent('CallbackTimedOut'), awaiting, START + 1_000],
    ['TtlExpired', anEvent('TtlExpired', { limit: 'idle' }), live, START + 60_000],
  ])('is passed when it is reached, and %s cannot happen before', (_, event, before, at) => {
    const state = before.reduce(slot.evolve, slot.initial);
    expect(permits(slotMachine, state, { ...event, at: at - 1 })).toBe(false);
    expect(permits(slotMachine, state, { ...event, at })).toBe(true);
  });
});

describe('A session on a slot', () => {
  describe('with players', () => {
    it('starts the idle clock at the acknowledgement', () => {
      const session = given(slot, ...live);
      expect(nextDeadline(session.state)).toEqual({ at: START + 60_000, limit: 'idle' });
      session.when(players(0, START + 30_000)).thenNothing();
      session.when(expire(START + 59_999)).thenRefused('not-due');
      session.when(expire(START + 60_000)).then({ type: 'TtlExpired', limit: 'idle' });
    });

    it('stops the idle clock while there are players', () => {
      const outcome = given(slot, ...live).when(players(2));
      outcome.then({ type: 'WentActive', players: 2 });
      expect(nextDeadline(outcome.state)).toBeNull();
    });

    it('records only changes between no players and some', () => {
      given(slot, ...live, active)
        .when(players(5))
        .thenNothing();
      given(slot, ...past.idle)
        .when(players(0))
        .thenNothing();
    });

    it('stops the idle clock while the number of players is unknown', () => {
      const uncounted = reported({
        process: aProcess(),
        session: aSession({ uncounted: 'the answer is garbage' }),
      });
      const unknown = {
        type: 'WentActive',
        players: 0,
        uncounted: 'the answer is garbage',
      } as const;
      const outcome = given(slot, ...live).when(uncounted);
      outcome.then(unknown);
      expect(nextDeadline(outcome.state)).toBeNull();
      given(slot, ...past.idle)
        .when(uncounted)
        .then(unknown);
      given(slot, ...live, active)
        .when(uncounted)
        .thenNothing();
      given(slot, ...live, { ...unknown, at: START })
        .when(players(0))
        .then('WentIdle');
    });

    it('restarts the idle clock when the last player has left', () => {
      const outcome = given(slot, ...live, active).when(players(0, START + 90_000));
      outcome.then('WentIdle');
      expect(outcome.state.value).toEqual({ allocated: 'idle' });
      expect(nextDeadline(outcome.state)).toEqual({ at: START + 150_000, limit: 'idle' });
    });

    it('is live again when a player comes back', () => {
      const { state } = given(slot, ...past.idle).when(players(1));
      expect(state.value).toEqual({ allocated: 'live' });
    });

    it('ends at the limit of the session all the same', () => {
      const limited = anEvent('AllocationRequested', { sessionMs: 100_000 });
      const session = given(slot, ...warm, limited, acked, active);
      session.when(expire(START + 99_999)).thenRefused('not-due');
      session.when(expire(START + 100_000)).then({ type: 'TtlExpired', limit: 'session' });
    });

    it('ignores a report of another claim', () => {
      const stale = aSession({ fence: 0, players: 3, exit: crash, crashes: 1 });
      given(slot, ...live)
        .when(reported({ session: stale }))
        .thenNothing();
    });
  });

  describe('whose process ends', () => {
    it('ends when it exits with zero', () => {
      const session = aSession({ exit: { exitCode: 0, signal: null } });
      const outcome = given(slot, ...live).when(reported({ session }));
      outcome.then('ExitedZero');
      expect(outcome.state.context.process).toBeNull();
    });

    it('keeps its allocation through as many crashes as the policy restarts', () => {
      const outcome = given(slot, ...live).when(crashed);
      outcome.then({
        type: 'Crashed',
        exitCode: 139,
        consequence: 'restart',
        reason: 'the game ended with exit code 139; restart 1 of 1 follows',
        lastLine: 'no such map: dcoks',
      });
      expect(outcome.state.value).toEqual({ allocated: 'live' });
      expect(allocationOf(outcome.state)).toMatchObject({ id: 'match-1', crashes: 1 });
    });

    it('records each crash once', () =>
      given(slot, ...live)
        .when(crashed, crashed)
        .thenNothing());

    it('ends with the next crash', () => {
      const outcome = given(slot, ...live).when(crashed, restarted, crashedAgain);
      const reason = 'the game ended with exit code 139; no restart is left of 1';
      outcome.then({ type: 'Crashed', consequence: 'end', reason });
      expect(statusOf(outcome.state)).toBe('deallocated');
      expect(outcome.state.context.lastEnd).toMatchObject({ by: 'Crashed', reason });
    });

    it('does not end if an earlier crash is reported late', () =>
      given(slot, ...live)
        .when(crashed, restarted, crashed)
        .thenNothing());

    it('notices a crash of a process that was not reported between two crashes', () =>
      given(slot, ...live)
        .when(crashed, crashedAgain)
        .then({ type: 'Crashed', consequence: 'end' }));

    it('counts an unobserved exit as a crash', () => {
      const session = aSession({ exit: { exitCode: null, signal: null }, crashes: 1 });
      given(slot, ...live)
        .when(reported({ session }))
        .then({ type: 'Crashed', exitCode: null, signal: null });
    });

    it('notices the end of a process that no report has named', () => {
      const answered = anEvent('CallbackAcked', { process: null });
      given(slot, registered, claimed, answered).when(crashed).then('Crashed');
    });
  });

  describe('being deallocated', () => {
    it.each([
      ['awaiting', awaiting],
      ['live', live],
      ['idle', past.idle],
    ])('ends its session while %s', (_, past) => {
      const outcome = given(slot, ...past).when(deallocate());
      outcome.then({ type: 'DeallocationRequested', by: 'matchmaker' });
      expect(allocationOf(outcome.state)?.id).toBe('match-1');
    });

    it('records nothing if it is deallocated again', () =>
      given(slot, ...live)
        .when(deallocate(), deallocate())
        .thenNothing());

    it('refuses a request for another allocation', () => {
      const another = deallocate({ allocationId: 'match-2' });
      given(slot, ...live)
        .when(another)
        .thenRefused('not-this-allocation');
      given(slot, ...past.cleared)
        .when(deallocate())
        .thenRefused('not-this-allocation');
    });

    it('has no deadline', () => {
      expect(nextDeadline(given(slot, ...past.deallocated).state)).toBeNull();
    });

    it('stays taken until the agent has cleared exactly this claim', () => {
      const over = given(slot, ...past.deallocated);
      over.when(reported({ clearedFence: 0 })).thenNothing();
      over.when(reported({ clearedFence: 1 })).then('SlotCleared');
    });

    it('is warm again if the agent left a process running', () => {
      const { state } = given(slot, ...past.deallocated).when(
        reported({ process: aProcess({ pid: 2 }), clearedFence: 1 }),
      );
      expect(isWarm(state)).toBe(true);
    });
  });
});

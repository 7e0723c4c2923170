import { isShown } from '#slot-owner';
import { slot, type SlotEvent, type SlotReport, type SlotState } from '#slot';
import { aProcess, anAllocation, anEvent, anOffer, given, past, START } from '#testing';
import { describe, expect, it } from '@jest/globals';
import { desired } from './desired.js';
import { noSession } from './session-record.js';
import { afterExit, type Observed } from './observed.js';
import { reportOf } from './slot-report.js';
import { aBegunRecord, aRecord, aRun, observed } from '../../test/support/samples.js';
import { noSignals, type GameSignals } from './game-signals.js';

const zero = { exitCode: 0, signal: null };
const crash = { exitCode: 1, signal: null };
const second = aRun({ id: 'run-2', process: aProcess({ pid: 4712 }) });

const stateAfter = (events: readonly SlotEvent[]) => given(slot, ...events).state;

function report(
  events: readonly SlotEvent[],
  seen: Partial<Observed>,
  keepWarm = true,
): SlotReport {
  return reportIn(stateAfter(events), observed(seen), keepWarm);
}

function reportIn(state: SlotState, seen: Observed, keepWarm = true): SlotReport {
  return reportOf(afterExit(desired(state, keepWarm), seen.record), seen, anOffer(), START);
}

/** Decides like an allocator: a lost session is restored only if nothing else is to be recorded. */
function decided(state: SlotState, sent: SlotReport) {
  const decision = slot.decide(state, { type: 'ApplyReport', at: START, report: sent });
  const { unlogged: session, process } = sent;
  const isSettled = decision.kind === 'accepted' && decision.steps.length === 0;
  if (session === undefined || !isSettled) return decision;
  return slot.decide(state, { type: 'RestoreSession', at: START, session, process });
}

/** Types of the events that the reports lead to, until the log shows what is reported. */
function recorded(events: readonly SlotEvent[], seen: Partial<Observed>): string[] {
  let state = stateAfter(events);
  const types: string[] = [];
  for (let rounds = 0; rounds < 10; rounds += 1) {
    const sent = reportIn(state, observed(seen));
    if (isShown(state, sent, START)) return types;
    const decision = decided(state, sent);
    if (decision.kind === 'refused') break;
    types.push(...decision.steps.map(({ event }) => event.type));
    state = decision.steps.at(-1)?.state ?? state;
  }
  throw new Error(`no end to ${types.join()}`);
}

describe('a report', () => {
  it('produces events for what has happened, and then no more', () => {
    expect(recorded([], {})).toEqual(['SlotRegistered']);
    expect(recorded([], { run: aRun() })).toEqual(['SlotRegistered', 'ProcessStarted']);
    expect(recorded(past.warm, { run: aRun() })).toEqual([]);
    expect(recorded(past.warm, { run: aRun({ exit: crash }) })).toEqual(['ProcessStopped']);
  });

  it('says how the callback went', () => {
    const refused = aRecord({
      callback: { outcome: 'refused', reason: 'no', cause: 'game' },
      delivered: false,
    });
    expect(recorded(past.awaiting, { run: aRun(), record: aBegunRecord() })).toEqual([]);
    expect(recorded(past.awaiting, { run: aRun(), record: aRecord() })).toEqual(['CallbackAcked']);
    expect(recorded(past.awaiting, { run: aRun(), record: refused })).toEqual(['CallbackRefused']);
  });

  it('withholds consent until the game is ready, if readiness is asked for', () => {
    const claim = { ...past.awaiting.at(-1), readiness: true } as SlotEvent;
    const events = [...past.awaiting.slice(0, -1), claim];
    const seen = { run: aRun(), record: aRecord() };
    const readyFor = (fence: number) => ({ ...seen, signals: { ...noSignals, readyFor: fence } });
    expect(recorded(events, seen)).toEqual([]);
    expect(recorded(events, readyFor(0))).toEqual([]);
    expect(recorded(events, readyFor(1))).toEqual(['CallbackAcked']);
    expect(recorded(events, { ...seen, run: aRun({ exit: crash }) })).toEqual(['CallbackRefused']);
  });

  it('says how many play, and until when the game must not be stopped', () => {
    const signals = { ...noSignals, players: 2, heldUntil: START + 60_000 };
    const seen = { run: aRun(), record: aRecord(), signals };
    expect(recorded(past.live, seen)).toEqual(['HoldSet', 'WentActive']);
  });

  it('gives the number of players from queries if the game itself reports none', () => {
    const seen = (signals: Partial<GameSignals>) => ({
      run: aRun(),
      record: aRecord(),
      signals: { ...noSignals, ...signals },
    });
    const uncounted = { counted: { uncounted: 'the answer is garbage' } };
    expect(recorded(past.live, seen({ counted: { players: 2 } }))).toEqual(['WentActive']);
    expect(recorded(past.live, seen({ counted: { players: 0 } }))).toEqual([]);
    expect(recorded(past.live, seen({ players: 0, counted: { players: 2 } }))).toEqual([]);
    expect(recorded(past.live, seen(uncounted))).toEqual(['WentActive']);
    expect(recorded(past.live, seen({ players: 0, ...uncounted }))).toEqual([]);
  });

  it('says how the process of the session ended', () => {
    const ended = (exit: typeof zero) => ({ run: aRun({ exit }), record: aRecord() });
    expect(recorded(past.live, ended(zero))).toEqual(['ExitedZero']);
    expect(recorded(past.live, ended(crash))).toEqual(['Crashed']);
    expect(recorded(past.live, { record: aRecord() })).toEqual(['Crashed']);
    expect(recorded(past.live, {})).toEqual([]);
    const neverHad = aBegunRecord({ run: null, crashes: -1 });
    expect(recorded(past.live, { record: neverHad })).toEqual(['Crashed']);
    const unanswered = { run: aRun({ exit: zero }), record: aBegunRecord() };
    expect(recorded(past.awaiting, unanswered)).toEqual(['CallbackRefused']);
  });

  it('says together that the game has exited with 0 and that nothing is left', () => {
    const record = aRecord({ exited: true });
    const cleared = (seen: Partial<Observed>, keepWarm = true) => {
      const { session } = report(past.live, { record, ...seen }, keepWarm);
      expect(session?.exit).toEqual(zero);
      return session?.cleared ?? false;
    };
    const run = aRun({ exit: zero });
    expect(cleared({ run }, false)).toBe(true);
    expect(cleared({ run })).toBe(false);
    const next = { ...second, token: 'next' };
    expect(cleared({ run: next })).toBe(true);
    expect(cleared({ run, serverJson: 'match-1' }, false)).toBe(false);
    expect(cleared({ run, calling: true }, false)).toBe(false);
    expect(recorded(past.live, { run: next, record })).toEqual(['ExitedZero']);
    expect(report(past.live, { run: next, record }).process).toBe(next.process);
    expect(recorded(past.awaiting, { run: next, record })).toEqual(['CallbackAcked', 'ExitedZero']);
  });

  it('says nothing about the end of a process that no session used', () => {
    const record = aBegunRecord({ run: null, crashes: -1 });
    expect(recorded(past.awaiting, { run: aRun({ exit: zero }), record })).toEqual([]);
  });

  it('includes a process that came and went before the log knew of it', () => {
    const cold = [...past.cold, anEvent('AllocationRequested')];
    const gone = { run: aRun({ exit: zero }), record: aRecord() };
    expect(recorded(cold, gone)).toEqual(['CallbackAcked', 'ExitedZero']);
  });

  it('counts each crash once, however fast a process comes and goes', () => {
    const crashed = [...past.live, anEvent('Crashed', { consequence: 'restart' })];
    expect(recorded(crashed, { run: aRun({ exit: crash }), record: aRecord() })).toEqual([]);
    const record = aRecord({ run: 'run-2', crashes: 1 });
    expect(recorded(crashed, { run: second, record })).toEqual(['ProcessStarted']);
    const again = { run: { ...second, exit: crash }, record };
    expect(recorded(crashed, again)).toEqual(['Crashed']);
  });

  it('frees the slot once it is clean, with the fresh process', () => {
    const clean = { ...noSession, fence: 1, clearedFence: 1 };
    expect(recorded(past.deallocated, { run: aRun(), record: aRecord() })).toEqual([]);
    expect(recorded(past.deallocated, { run: second, record: clean })).toEqual(['SlotCleared']);
    expect(report(past.deallocated, { run: second, record: clean }).process).toBe(second.process);
  });

  it('refuses a claim that the agent has already finished', () => {
    const record = { ...noSession, fence: 3, clearedFence: 3 };
    expect(recorded(past.awaiting, { run: aRun(), record })).toEqual([
      'CallbackRefused',
      'SlotCleared',
      'SlotRegistered',
    ]);
  });

  it('includes the running session that the log has lost, even if another one has its slot', () => {
    const record = aRecord({ fence: 4, clearedFence: 3, crashes: 1 });
    const lost = report(past.cold, { run: aRun(), record }).unlogged;
    expect(lost).toEqual({ fence: 4, allocation: anAllocation({ crashes: 1 }) });
    const allocation = anAllocation({ id: 'match-9' });
    const other = { run: aRun(), record: { ...record, allocationId: 'match-9', allocation } };
    expect(recorded(past.awaiting, other)).toEqual(['CallbackRefused', 'SessionRestored']);
    expect(report(past.live, { run: aRun(), record }).unlogged).toBeUndefined();
    const pending = aBegunRecord({ fence: 4, clearedFence: 3 });
    expect(report(past.cold, { run: aRun(), record: pending }).unlogged).toBeUndefined();
  });

  it('names the session by the fence that it has in the log', () => {
    const seen = { run: aRun(), record: aRecord({ fence: 4, clearedFence: 3 }) };
    expect(report(past.awaiting, seen)).toMatchObject({ session: { fence: 1 }, clearedFence: 0 });
    expect(recorded(past.awaiting, seen)).toEqual(['CallbackAcked']);
  });

  it('ends a session that is live in a restored log, but was over before', () => {
    const record = { ...noSession, fence: 3, clearedFence: 3 };
    expect(recorded(past.live, { run: aRun(), record })[0]).toBe('DeallocationRequested');
  });

  it('brings back a slot whose agent was declared lost', () => {
    expect(recorded([...past.warm, anEvent('AgentLost')], { run: aRun() })).toEqual([
      'AgentReturned',
    ]);
  });

  it('has no effect once a later start of the agent has reported', () => {
    const later = anEvent('SlotRegistered', { incarnation: START + 1 });
    expect(isShown(stateAfter([later]), report([later], { run: aRun() }), START)).toBe(true);
  });
});

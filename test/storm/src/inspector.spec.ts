import { JsonText } from '#json';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { slot, type SlotCommand, type SlotState } from '#slot';
import { checkAnswers, openRequests, tally } from './answers.js';
import type { Answer, Entry } from './diary.js';
import { Inspector, type StoredEvent } from './inspector.js';
import { REGION } from './play.js';

const limits = { callbackMs: 10, coldStartMs: 10, idleMs: 10, sessionMs: null, restartsMax: 0 };
const offer = {
  fleet: 'stub',
  buildConfiguration: 'stub',
  attributes: {},
  requiredAttributes: [],
  priority: 0,
  address: '127.0.0.1:7000',
  ip: '127.0.0.1',
  ports: { game: 7_000 },
  limits,
  runsAny: false,
};
const unremarkable = { remark: '', heldUntil: null, failure: null };
const free = {
  offer,
  incarnation: 1,
  process: null,
  session: null,
  clearedFence: 0,
  ...unremarkable,
};
const register: SlotCommand = { type: 'ApplyReport', at: 1, report: free };

const claim = (allocationId: string, attempt = 1): SlotCommand => ({
  type: 'RequestAllocation',
  at: 2,
  allocationId,
  attempt,
  allocator: 'one',
  buildConfiguration: null,
  payload: JsonText.null,
  idleMs: null,
  terms: null,
  fresh: false,
  requestedBy: 'matchmaker',
});

function answered(callback: 'acked' | 'refused', fence = 1): SlotCommand {
  const outcome =
    callback === 'acked'
      ? ({ outcome: 'acked', answer: JsonText.null, token: 'secret' } as const)
      : ({ outcome: 'refused', reason: 'not today', cause: 'game' } as const);
  const session = { fence, callback: outcome, players: null, exit: null, crashes: 0 };
  return { type: 'ApplyReport', at: 3, report: { ...free, session } };
}

const release = (allocationId: string): SlotCommand => ({
  type: 'Deallocate',
  at: 4,
  allocationId,
  reason: '',
  by: 'spec',
});
const clear = (fence: number): SlotCommand => ({
  type: 'ApplyReport',
  at: 5,
  report: { ...free, clearedFence: fence },
});

/** A log into which the test can write anything, valid or not. */
class ForgedLog {
  readonly inspector = new Inspector();
  private sequence = 0;
  private readonly places = new Map<string, { readonly state: SlotState; readonly at: number }>();

  write(name: string, command: SlotCommand, forged: Partial<StoredEvent> = {}): void {
    const subject = `slot.${REGION}.one.${name}`;
    const { state, at } = this.places.get(subject) ?? { state: slot.initial, at: 0 };
    const decision = slot.decide(state, command);
    if (decision.kind === 'refused') throw new Error(decision.refusal.message);
    let expected = at;
    for (const step of decision.steps) {
      this.sequence += 1;
      const record = { id: `${this.sequence}`, source: 'spec', ...step };
      const place = { subject, sequence: this.sequence, storedAt: command.at, expected };
      this.inspector.take({ ...place, deduplicationId: null, isSealed: true, record, ...forged });
      this.places.set(subject, { state: step.state, at: this.sequence });
      expected = this.sequence;
    }
  }

  /**
   * Returns a function that takes the slot back to its present state, as if later events had not
   * happened.
   */
  forget(name: string): () => void {
    const subject = `slot.${REGION}.one.${name}`;
    const before = this.places.get(subject);
    return () => void (before && this.places.set(subject, { ...before, at: this.sequence }));
  }

  get found(): readonly string[] {
    this.inspector.finish();
    return this.inspector.violations.map(({ kind }) => kind);
  }
}

const named = (deduplicationId: string) => ({ deduplicationId });

describe('The inspector', () => {
  let log: ForgedLog;

  beforeEach(() => {
    log = new ForgedLog();
    log.write('a', register);
    log.write('b', register);
  });

  it('finds nothing in a valid history', () => {
    log.write('a', claim('x'), named('x'));
    log.write('a', answered('refused'));
    log.write('b', claim('x', 2), named('x.1'));
    log.write('b', answered('acked'));
    log.write('b', release('x'));
    log.write('a', clear(1));
    log.write('b', clear(1));
    expect(log.found).toEqual([]);
  });

  it('finds one id on two slots', () => {
    for (const name of ['a', 'b']) {
      log.write(name, claim('x'), named('x'));
      log.write(name, answered('acked'));
      log.write(name, release('x'));
      log.write(name, clear(1));
    }
    expect(log.found).toContain('double');
  });

  it('finds two ids on one slot', () => {
    const forgetTheFirst = log.forget('a');
    log.write('a', claim('x'), named('x'));
    forgetTheFirst();
    log.write('a', claim('y'), named('y'));
    expect(log.found).toEqual(expect.arrayContaining(['unlawful', 'double']));
  });

  it.each([
    [true, ['unlawful']],
    [false, []],
  ])('judges dates that go back by whether they are of this version: %s', (isSealed, kinds) => {
    log.write('a', claim('x'), named('x'));
    log.write('a', { ...answered('acked'), at: -10_000 }, { isSealed });
    log.write('a', release('x'));
    log.write('a', clear(1));
    expect(log.found).toEqual(kinds);
  });

  it('finds a message that does not follow the one its writer expected', () => {
    log.write('a', claim('x'), { expected: 77, deduplicationId: 'x' });
    expect(log.found).toContain('unlawful');
  });

  it('finds a claim that is stored under the id of another', () => {
    log.write('a', claim('x'), named('x.1'));
    expect(log.found).toContain('unlawful');
  });

  it.each([
    ['a claim without an end', [], ['leak', 'lost']],
    ['a session without an end', [answered('acked')], ['leak']],
    ['a slot that was not cleared', [answered('acked'), release('x')], ['leak']],
  ])('finds %s', (_, commands, kinds) => {
    log.write('a', claim('x'), named('x'));
    for (const command of commands) log.write('a', command);
    expect(log.found).toEqual(kinds);
  });
});

describe('An answer', () => {
  const entry = (answer: Answer, ask: Entry['ask'] = 'allocate'): Entry => ({
    id: 'x',
    ask,
    askedAt: 10,
    answeredAt: 11,
    answer,
  });
  const allocated = (token: string) => entry({ outcome: 'allocated', slot: 'storm.one.a', token });
  const refused = (code: string) => entry({ outcome: 'refused', code });
  const uncertain = entry({ outcome: 'uncertain', reason: 'nobody there' });

  function complaints(entries: readonly Entry[], ...commands: SlotCommand[]): number {
    const log = new ForgedLog();
    log.write('a', register);
    log.write('a', claim('x'), named('x'));
    for (const command of commands) log.write('a', command);
    return checkAnswers(entries, log.inspector.grants).length;
  }

  it('is confirmed by the log', () => {
    expect(complaints([allocated('secret')], answered('acked'))).toBe(0);
    expect(complaints([refused('ended')], answered('acked'), release('x'))).toBe(0);
    expect(complaints([refused('callback-failed')], answered('refused'))).toBe(0);
  });

  it.each([
    ['another token', allocated('forged')],
    ['an end', refused('ended')],
    ['an end by hand', entry({ outcome: 'deallocated', slot: 'storm.one.a' }, 'deallocate')],
    ['a failure', refused('callback-failed')],
    ['an unknown allocation, while the session ran', refused('unknown-allocation')],
    ['no verdict', uncertain],
  ])('with %s is not', (_, told) => {
    expect(complaints([told], answered('acked'))).toBe(1);
  });

  it('is not compared with a log that has lost it, but with what was told afterwards', () => {
    const log = new ForgedLog();
    log.write('a', register);
    log.write('a', claim('x'), named('x'));
    const told = [allocated('secret'), refused('ended')];
    const count = (from: number, to: number) =>
      checkAnswers(told, log.inspector.grants, [{ from, to }]).length;
    expect(count(0, 20)).toBe(0);
    // An allocator may tell of an end until it believes that the log has become shorter.
    expect(count(0, 10)).toBe(1);
    expect(count(12, 20)).toBe(2);
  });

  it('is judged by when the log stored an event, not by the date that its writer gave it', () => {
    const log = new ForgedLog();
    log.write('a', register);
    log.write('a', claim('x'), named('x'));
    log.write('a', answered('acked'), { storedAt: 12 });
    expect(checkAnswers([refused('unknown-allocation')], log.inspector.grants)).toEqual([]);
  });

  it('about an end is confirmed by the last of several attempts on one slot', () => {
    const told = entry({ outcome: 'deallocated', slot: 'storm.one.a' }, 'deallocate');
    const log = new ForgedLog();
    log.write('a', register);
    log.write('a', claim('x'), named('x'));
    log.write('a', answered('refused'));
    log.write('a', clear(1));
    log.write('a', claim('x', 2), named('x.1'));
    log.write('a', answered('acked', 2));
    log.write('a', release('x'));
    expect(checkAnswers([told], log.inspector.grants)).toEqual([]);
  });

  it('has its token where the log has it encrypted, with the key', () => {
    const log = new ForgedLog();
    log.write('a', register);
    log.write('a', { ...claim('x'), payloadKey: 7 } as SlotCommand, named('x'));
    const callback = { outcome: 'acked', answer: JsonText.null, token: 't' } as const;
    const session = { fence: 1, players: null, exit: null, crashes: 0 };
    const sealed = { ...session, callback: { ...callback, tokenEncrypted: true as const } };
    log.write('a', { type: 'ApplyReport', at: 3, report: { ...free, session: sealed } });
    expect(log.inspector.grants.get('x')).toEqual([
      expect.objectContaining({ token: 't', tokenKey: 7 }),
    ]);
  });

  it('without a request is reported', () => expect(complaints([])).toBe(1));

  it('with a verdict closes a request, however often it was sent before', () => {
    expect(openRequests([uncertain, refused('timed-out')])).toEqual(['x']);
    expect(openRequests([uncertain, refused('none-available')])).toEqual([]);
  });

  it('is counted once for each request', () => {
    expect([...tally([uncertain, allocated('secret'), refused('ended')])]).toEqual([
      ['uncertain, then allocated', 1],
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import {
  Clock,
  EventLog,
  LogRefused,
  TransientError,
  appendUntilKnown,
  type Append,
  type Cancel,
  type LogRecord,
  type LogSubscription,
  type LogItem,
  type Subscription,
  type Verdict,
} from '#kernel';

/** Answers each append with the next line of a script, and repeats the last one. */
class ScriptedLog extends EventLog<LogRecord> {
  readonly sent: Append<LogRecord>[] = [];

  constructor(
    private readonly script: readonly (Verdict | Error)[],
    private readonly found?: LogItem<LogRecord>,
  ) {
    super();
  }

  append(append: Append<LogRecord>): Promise<Verdict> {
    const answer = this.script[Math.min(this.sent.length, this.script.length - 1)] as Verdict;
    this.sent.push(append);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }

  time = (): Promise<number> => unscripted();
  end = (): Promise<number> => unscripted();
  last = (): Promise<LogItem<LogRecord> | undefined> => Promise.resolve(this.found);
  at = (): Promise<LogItem<LogRecord> | undefined> => Promise.resolve(this.found);
  present = (): AsyncIterable<LogItem<LogRecord>> => unscripted();
  read = (): AsyncIterable<LogItem<LogRecord>> => unscripted();
  follow = (): Promise<LogSubscription> => unscripted();
  watch = (): Promise<Subscription> => unscripted();
  forget = (): Promise<void> => unscripted();
}

function unscripted(): never {
  throw new Error('settling only appends and looks up');
}

/** Time passes only while it is waited for: `after` moves the clock on at once. */
class WaitedClock extends Clock {
  private instant = 0;

  now(): number {
    return this.instant;
  }

  after(delayMs: number, action: () => void): Cancel {
    this.instant += delayMs;
    queueMicrotask(action);
    return () => undefined;
  }
}

const append: Append<LogRecord> = { subject: 'a', expected: 3, record: { id: 'mine' } };
const recorded = (id: string): LogItem<LogRecord> => ({
  kind: 'recorded',
  subject: 'a',
  sequence: 9,
  record: { id },
});
const unreadable: LogItem<LogRecord> = {
  kind: 'unreadable',
  subject: 'a',
  sequence: 9,
  reason: 'not JSON',
};

const outcome = (log: EventLog<LogRecord>, untilMs = 1_000) =>
  appendUntilKnown(log, append, new WaitedClock(), untilMs);

describe('appendUntilKnown', () => {
  it('returns that the message is stored', async () => {
    const log = new ScriptedLog([{ kind: 'stored', sequence: 4 }]);
    expect(await outcome(log)).toEqual({ kind: 'stored', sequence: 4 });
  });

  it.each<readonly [string, Verdict | Error]>([
    ['an answer is lost', { kind: 'unknown', cause: 'timeout' }],
    ['the same message is in flight', { kind: 'inFlight' }],
    ['the log fails', new TransientError('no responders')],
  ])('sends the very same message again when %s', async (_, unclear) => {
    const log = new ScriptedLog([unclear, unclear, { kind: 'stored', sequence: 4 }]);
    expect(await outcome(log)).toEqual({ kind: 'stored', sequence: 4 });
    expect(log.sent).toEqual([append, append, append]);
  });

  it.each<readonly [string, Verdict]>([
    ['a conflict', { kind: 'conflict' }],
    ['a duplicate', { kind: 'duplicate', sequence: 9 }],
  ])('treats %s with its own message as success', async (_, verdict) => {
    const log = new ScriptedLog([{ kind: 'unknown', cause: 'timeout' }, verdict], recorded('mine'));
    expect(await outcome(log)).toEqual({ kind: 'stored', sequence: 9 });
  });

  it('returns the last message of the subject with a conflict', async () => {
    const last = recorded('theirs');
    const log = new ScriptedLog([{ kind: 'conflict' }], last);
    expect(await outcome(log)).toEqual({ kind: 'conflict', last });
  });

  it('returns the original message with a duplicate', async () => {
    const original = recorded('theirs');
    const log = new ScriptedLog([{ kind: 'duplicate', sequence: 9 }], original);
    expect(await outcome(log)).toEqual({ kind: 'duplicate', original });
  });

  it('says so if the message in its way is gone, or cannot be read', async () => {
    const gone = new ScriptedLog([{ kind: 'duplicate', sequence: 9 }]);
    expect(await outcome(gone)).toEqual({ kind: 'duplicate', original: undefined });
    const withUnreadable = new ScriptedLog([{ kind: 'conflict' }], unreadable);
    expect(await outcome(withUnreadable)).toEqual({ kind: 'conflict', last: unreadable });
  });

  it('leaves it to the caller what to do while another write is in flight', async () => {
    const log = new ScriptedLog([{ kind: 'busy' }]);
    expect(await outcome(log)).toEqual({ kind: 'busy' });
    expect(log.sent).toHaveLength(1);
  });

  it('gives up at the deadline, with an indeterminate outcome', async () => {
    const log = new ScriptedLog([{ kind: 'unknown', cause: 'timeout' }]);
    expect(await outcome(log, 100)).toEqual({ kind: 'indeterminate', cause: 'timeout' });
    expect(log.sent).toHaveLength(4);
  });

  it('throws what the log refuses for good', async () => {
    const log = new ScriptedLog([new LogRefused(10054, 'message too large')]);
    await expect(outcome(log)).rejects.toThrow(LogRefused);
  });
});

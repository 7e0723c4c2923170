import { describe, expect, it } from '@jest/globals';
import type { Codec, LogRecord } from '#kernel';
import { ManualClock } from './clock.js';
import { MemoryEventLog } from './event-log.js';

const codec: Codec<LogRecord> = {
  contentType: 'application/json',
  encode: (_, record) => new TextEncoder().encode(JSON.stringify(record)),
  decode: (_, body) => JSON.parse(new TextDecoder().decode(body)) as LogRecord,
};

describe('The log in memory', () => {
  it('forgets a de-duplication id after its window, not before', async () => {
    const clock = new ManualClock();
    const log = new MemoryEventLog(codec, { clock, duplicateWindowMs: 1_000 });
    const append = (subject: string) =>
      log.append({ subject, expected: 0, record: { id: subject }, deduplicationId: 'grant' });
    await append('a');
    clock.advance(999);
    expect(await append('b')).toEqual({ kind: 'duplicate', sequence: 1 });
    clock.advance(1);
    expect(await append('b')).toEqual({ kind: 'stored', sequence: 2 });
  });

  it.each([
    ['id', 'duplicate'],
    ['expectation', 'conflict'],
  ] as const)(
    'that checks the %s first answers a repeated message with %s',
    async (first, kind) => {
      const log = new MemoryEventLog(codec, { clock: new ManualClock(), first });
      const append = { subject: 'a', expected: 0, record: { id: 'a' }, deduplicationId: 'grant' };
      await log.append(append);
      expect((await log.append(append)).kind).toBe(kind);
    },
  );

  it('reports errors that a follower throws, and continues', async () => {
    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    const log = new MemoryEventLog(codec, { clock: new ManualClock(), onError });
    const seen: number[] = [];
    await log.follow(0, {
      receive({ sequence }) {
        seen.push(sequence);
        if (sequence === 1) throw new Error('a mistake of ours');
      },
    });
    await log.append({ subject: 'a', expected: 0, record: { id: 'a' } });
    await log.append({ subject: 'b', expected: 0, record: { id: 'b' } });
    await Promise.resolve();
    expect(seen).toEqual([1, 2]);
    expect(errors).toEqual([new Error('a mistake of ours')]);
  });
});

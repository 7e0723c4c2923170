import { describe, expect, it } from '@jest/globals';
import { CannotStore, LogRefused } from '#kernel';
import { verdictOf } from './verdict.js';

const answer = (text: string) => new TextEncoder().encode(text);

/** Answers as servers sent them: 2.11.6 alone, 2.14.5 and 2.15.1 in clusters of three. */
describe('The answer to an append', () => {
  it.each([
    ['{"stream":"SLOTS_eu", "seq":17}', { kind: 'stored', sequence: 17 }],
    [
      '{"stream":"SLOTS_eu","domain":"hub","seq":17,"duplicate": true}',
      { kind: 'duplicate', sequence: 17 },
    ],
    [
      '{"error":{"code":400,"err_code":10071,"description":"wrong last sequence: 3"},"stream":"SLOTS_eu","seq":0}',
      { kind: 'conflict' },
    ],
    [
      '{"error":{"code":400,"err_code":10164,"description":"wrong last sequence"},"stream":"SLOTS_eu","seq":0}',
      { kind: 'busy' },
    ],
    [
      '{"error":{"code":503,"err_code":10163,"description":"expected last sequence per subject temporarily unavailable"},"stream":"SLOTS_eu","seq":0}',
      { kind: 'busy' },
    ],
    [
      '{"error":{"code":409,"err_code":10158,"description":"duplicate message id is in process"},"stream":"SLOTS_eu","seq":0}',
      { kind: 'inFlight' },
    ],
    [
      '{"error":{"code":503,"err_code":10008,"description":"JetStream system temporarily unavailable"}}',
      { kind: 'unknown', cause: expect.objectContaining({ name: 'TransientError' }) },
    ],
  ])('%s is understood', (text, verdict) => {
    expect(verdictOf(answer(text))).toEqual(verdict);
  });

  it.each([
    [10002, 'no-room'],
    [10023, 'no-room'],
    [10047, 'no-room'],
    [10077, 'write-failed'],
    [10039, 'disabled'],
    [10076, 'disabled'],
  ])('with code %i says that nothing is stored, and what to do', (code, fault) => {
    const error = { code: 503, err_code: code, description: 'write /data/1.blk: no space left' };
    const refuse = () => verdictOf(answer(JSON.stringify({ error, stream: 'SLOTS_eu', seq: 0 })));
    expect(refuse).toThrow(CannotStore);
    expect(refuse).toThrow(
      expect.objectContaining({
        fault,
        message: expect.stringMatching(/^stream SLOTS_eu .*nats-server/),
        remedy: expect.stringContaining('docs/operating.md, "When the disk is full"'),
        cause: new LogRefused(code, error.description),
      }),
    );
    // Requesters are told the message: it must not show them the server's files.
    expect(refuse).not.toThrow('/data');
  });

  it.each([
    ['the message is too large', 10054],
    ['its error code is unknown', 19999],
  ])('is a refusal if %s', (description, code) => {
    const text = JSON.stringify({ error: { code: 503, err_code: code, description }, seq: 0 });
    expect(() => verdictOf(answer(text))).toThrow(new LogRefused(code, description));
  });

  it.each(['', '+OK', '{}', '{"seq":0,"stream":"SLOTS_eu","error":null'])(
    'is a refusal if it is %j',
    (text) => expect(() => verdictOf(answer(text))).toThrow(LogRefused),
  );
});

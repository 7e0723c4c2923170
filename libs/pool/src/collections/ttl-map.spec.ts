import { describe, expect, test } from '@jest/globals';
import { TtlMap } from './ttl-map.js';

const MINUTE_MS = 60_000;

describe('An entry', () => {
  test('is forgotten at its time, in whatever order entries were added', () => {
    const remembered = new TtlMap<string>(10);
    for (const minute of [5, 1, 3]) remembered.set(`id-${minute}`, minute * MINUTE_MS, 'ended');
    remembered.forgetBefore(3 * MINUTE_MS);
    expect([1, 3, 5].map((minute) => remembered.get(`id-${minute}`))).toEqual([
      undefined,
      'ended',
      'ended',
    ]);
    expect(remembered.size).toBe(2);
  });

  test('is kept as long as its latest event requires', () => {
    const remembered = new TtlMap<string>(10);
    remembered.set('id', 5 * MINUTE_MS, 'later');
    remembered.set('id', 1 * MINUTE_MS, 'again');
    remembered.forgetBefore(5 * MINUTE_MS);
    expect(remembered.get('id')).toBe('again');
    remembered.forgetBefore(6 * MINUTE_MS);
    expect([remembered.get('id'), remembered.size]).toEqual([undefined, 0]);
  });

  test('that is the oldest makes room for a new one, and is counted', () => {
    const remembered = new TtlMap<string>(3);
    for (const minute of [2, 1, 3, 4]) remembered.set(`id-${minute}`, minute * MINUTE_MS, 'ended');
    expect(remembered.get('id-1')).toBeUndefined();
    expect([remembered.size, remembered.forgottenEarly]).toEqual([3, 1]);
  });
});

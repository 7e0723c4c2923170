import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { toldToWait } from './told-to-wait.js';

const said = () => jest.mocked(console.error).mock.calls.map(([text]) => String(text));

beforeEach(() => {
  jest.useFakeTimers();
  jest.spyOn(console, 'error').mockReturnValue(undefined);
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe('Somebody who waits for an answer', () => {
  it('is told every two seconds, until it comes', async () => {
    const answer = new Promise((resolve) => setTimeout(() => resolve('so'), 5_000));
    const waiting = toldToWait('reading', answer);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await waiting).toBe('so');
    await jest.advanceTimersByTimeAsync(10_000);
    expect(said()).toEqual(['reading: 2 s', 'reading: 4 s']);
  });

  it('is told nothing of what comes at once, or fails', async () => {
    await expect(toldToWait('reading', Promise.reject(new Error('no')))).rejects.toThrow('no');
    await jest.advanceTimersByTimeAsync(10_000);
    expect(said()).toEqual([]);
  });
});

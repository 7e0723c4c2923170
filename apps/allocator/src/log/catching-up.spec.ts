import { TransientError } from '#kernel';
import { ManualClock } from '#memory';
import { createLogger } from '#service-runtime';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CatchingUp } from './catching-up.js';

let clock: ManualClock;
let end: () => Promise<number>;
let read: number;
let silentMs: number;
let catchingUp: CatchingUp;
beforeEach(() => {
  clock = new ManualClock(0);
  [read, silentMs] = [7, 0];
  end = () => Promise.resolve(7);
  catchingUp = new CatchingUp({
    region: 'eu',
    clock,
    logger: createLogger('test', 'silent'),
    log: { end: () => end() },
    read: () => read,
    silentMs: () => silentMs,
    storing: { failed: () => undefined },
  });
  catchingUp.start();
});
afterEach(() => catchingUp.stop());

/** Advances time, and lets what waits for it go on. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 10) {
    clock.advance(10);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('an allocator that was suspended', () => {
  test('decides nothing before it has read to the current end of the log', async () => {
    await pass(1_000);
    expect(catchingUp.because()).toBeNull();
    stand(60_000);
    end = () => Promise.resolve(9);
    expect(catchingUp.because()).toMatch(/read to its end/);
    await pass(500);
    expect(catchingUp.because()).toMatch(/read to its end/);
    read = 9;
    await pass(50);
    expect(catchingUp.because()).toBeNull();
  });

  test('asks for the end of the log until it gets an answer', async () => {
    stand(60_000);
    end = () => Promise.reject(new TransientError('JetStream does not answer'));
    catchingUp.because();
    await pass(2_000);
    expect(catchingUp.because()).not.toBeNull();
    end = () => Promise.resolve(7);
    await pass(500);
    expect(catchingUp.because()).toBeNull();
  });

  test('does not go by an end of the log that was told before another pause', async () => {
    let tell = (_: number): void => undefined;
    end = () => new Promise((resolve) => (tell = resolve));
    stand(60_000);
    catchingUp.because();
    await pass(300);
    stand(60_000);
    catchingUp.because();
    end = () => Promise.resolve(9);
    tell(7);
    await pass(500);
    expect(catchingUp.because()).not.toBeNull();
    read = 9;
    await pass(300);
    expect(catchingUp.because()).toBeNull();
  });

  test('does not wait for events that the log has removed', async () => {
    end = () => Promise.resolve(8);
    stand(60_000);
    catchingUp.because();
    await pass(4_000);
    expect(catchingUp.because()).toBeNull();
  });
});

describe('an allocator that was cut off from the log', () => {
  test('decides nothing before it has read on', async () => {
    silentMs = 2_500;
    await pass(300);
    silentMs = 0;
    end = () => Promise.resolve(8);
    expect(catchingUp.because()).not.toBeNull();
    read = 8;
    await pass(500);
    expect(catchingUp.because()).toBeNull();
  });
});

/** Simulates a pause of this process. */
function stand(ms: number): void {
  Object.assign(clock, { now: shifted(clock.now.bind(clock), ms) });
}

function shifted(now: () => number, ms: number): () => number {
  return () => now() + ms;
}

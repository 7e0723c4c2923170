import { beforeEach, describe, expect, it } from '@jest/globals';
import { LogClock, TransientError } from '#kernel';
import { ManualClock } from '#memory';
import { WrongClock } from '#testing';

const HOUR_MS = 3_600_000;
const STEP_MS = 100;

describe('A clock synchronized with the log', () => {
  let right: ManualClock;
  let own: WrongClock;
  let clock: LogClock;
  let logOffsetMs: number;
  let awayBecause: Error | null;
  let asked: number;

  beforeEach(() => {
    right = new ManualClock();
    own = new WrongClock(right);
    logOffsetMs = 0;
    awayBecause = null;
    asked = 0;
    const time = () => {
      asked += 1;
      return awayBecause ? Promise.reject(awayBecause) : Promise.resolve(logTime());
    };
    clock = new LogClock(own, { time });
  });

  const logTime = () => right.now() + logOffsetMs;

  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      right.advance(STEP_MS);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  it.each([-HOUR_MS, 0, HOUR_MS])(
    'follows the log even if the clock of its machine is %d ms off',
    async (ms) => {
      own.aheadMs = ms;
      await clock.start();
      expect(clock.now()).toBe(logTime());
      await pass(30_000);
      expect(clock.now()).toBe(logTime());
    },
  );

  it('follows a forward jump of its machine by one second at most, and asks the log', async () => {
    await clock.start();
    await pass(1_000);
    own.aheadMs = HOUR_MS;
    expect(clock.now() - logTime()).toBeLessThanOrEqual(1_000);
    await pass(4_000);
    expect(clock.now()).toBe(logTime());
  });

  it('does not go back when its machine does', async () => {
    await clock.start();
    await pass(1_000);
    const before = clock.now();
    own.aheadMs = -HOUR_MS;
    expect(clock.now()).toBe(before);
    await pass(200);
    expect(clock.now()).toBe(logTime());
  });

  it('catches up at once after its machine was suspended', async () => {
    await clock.start();
    right.advance(0);
    own.aheadMs = -60_000;
    await pass(100);
    own.aheadMs = 0;
    await pass(100);
    expect(clock.now()).toBe(logTime());
  });

  it('slows down instead of going back if the log is behind it', async () => {
    await clock.start();
    await pass(1_000);
    logOffsetMs = -2_000;
    let before = clock.now();
    for (let passed = 0; passed < 12_000; passed += STEP_MS) {
      await pass(STEP_MS);
      expect(clock.now()).toBeGreaterThanOrEqual(before);
      before = clock.now();
    }
    expect(clock.now()).toBe(logTime());
  });

  it('continues by itself while the log does not answer', async () => {
    await clock.start();
    awayBecause = new TransientError('away');
    await pass(20_000);
    expect(clock.now()).toBe(logTime());
    expect(asked).toBeGreaterThan(3);
  });

  it('starts as soon as the log answers', async () => {
    awayBecause = new TransientError('away');
    const starting = clock.start();
    await pass(10_000);
    awayBecause = null;
    await pass(1_000);
    await starting;
    expect(clock.now()).toBe(logTime());
  });

  it('does not start if the log does not answer', async () => {
    awayBecause = new TransientError('away');
    const starting = expect(clock.start()).rejects.toThrow(TransientError);
    await pass(13_000);
    await starting;
  });

  it('is unsure after a jump, until the log has answered', async () => {
    await clock.start();
    awayBecause = new TransientError('away');
    own.aheadMs = HOUR_MS;
    expect(clock.checkSure()).toBe(false);
    await pass(6_000);
    expect(clock.checkSure()).toBe(false);
    awayBecause = null;
    await pass(6_000);
    expect(clock.checkSure()).toBe(true);
  });

  it('stops asking once it is stopped', async () => {
    await clock.start();
    clock.stop();
    await pass(20_000);
    expect(asked).toBe(1);
  });
});

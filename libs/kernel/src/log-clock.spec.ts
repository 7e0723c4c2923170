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
  /** Until when answers are on their way. */
  let answer: Promise<unknown>;

  beforeEach(() => {
    right = new ManualClock();
    own = new WrongClock(right);
    logOffsetMs = 0;
    awayBecause = null;
    asked = 0;
    answer = Promise.resolve();
    const time = async () => {
      asked += 1;
      const told = logTime();
      await answer;
      if (awayBecause !== null) throw awayBecause;
      return told;
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

  it('is never ahead of the log by what an answer took', async () => {
    await clock.start();
    own.aheadMs = HOUR_MS;
    const arrive = holdAnswers();
    expect(clock.checkSure()).toBe(false);
    const toldAt = logTime();
    own.aheadMs += 60_000;
    arrive();
    await pass(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.now() - toldAt).toBeLessThanOrEqual(2_000);
  });

  it('stays unsure after an answer that was on its way during another jump', async () => {
    await clock.start();
    own.aheadMs = HOUR_MS;
    const arrive = holdAnswers();
    expect(clock.checkSure()).toBe(false);
    own.aheadMs = 2 * HOUR_MS;
    expect(clock.checkSure()).toBe(false);
    const arriveAgain = holdAnswers();
    arrive();
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.checkSure()).toBe(false);
    arriveAgain();
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.checkSure()).toBe(true);
  });

  /** Answers to what is asked from now on come when the returned function is called. */
  function holdAnswers(): () => void {
    let arrive = (): void => undefined;
    answer = new Promise<void>((resolve) => (arrive = resolve));
    return () => arrive();
  }

  it('stops asking once it is stopped', async () => {
    await clock.start();
    clock.stop();
    await pass(20_000);
    expect(asked).toBe(1);
  });
});

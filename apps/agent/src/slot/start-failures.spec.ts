import { ManualClock } from '#memory';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { StartFailures } from './start-failures.js';

const three = { exitCode: 3, signal: null };

describe('the start failures of a slot', () => {
  let clock: ManualClock;
  let failures: StartFailures;

  beforeEach(() => {
    clock = new ManualClock(1_000);
    failures = new StartFailures(clock);
  });

  it('are reported when a game has ended soon after its start three times in a row', () => {
    failures.endedEarly(three, 10);
    failures.endedEarly(three, 10);
    expect(failures.failure).toBeNull();
    clock.advance(2_000);
    failures.endedEarly({ exitCode: null, signal: 'SIGSEGV' }, 10);
    expect(failures.failure).toMatchObject({ check: 'start', failedAt: 3_000 });
    expect(failures.failure?.reason).toContain('SIGSEGV');
    expect(failures.startAt).toBe(5_000);
  });

  it('are reset by a game that has run for long', () => {
    for (let count = 0; count < 3; count += 1) failures.endedEarly(three, 10);
    failures.endedEarly(three, 60_000);
    expect(failures.failure).toBeNull();
    expect(failures.startAt).toBe(1_500);
  });

  it('are the same as long as the reason is the same', () => {
    expect(failures.notStarted('there is no executable game')).toBe(true);
    clock.advance(1_000);
    expect(failures.notStarted('there is no executable game')).toBe(false);
    expect(failures.failure?.failedAt).toBe(1_000);
    expect(failures.notStarted('the disk is full')).toBe(true);
    expect(failures.failure?.failedAt).toBe(2_000);
    failures.reset();
    expect(failures.failure).toBeNull();
    expect(failures.startAt).toBe(0);
  });
});

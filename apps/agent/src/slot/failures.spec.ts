import { describe, expect, it } from '@jest/globals';
import { Failures } from './failures.js';

const three = { exitCode: 3, signal: null };

describe('the failures of a slot', () => {
  it('are told when a game has ended soon after its start three times in a row', () => {
    const failures = new Failures();
    failures.endedEarly(three, 10, 1_000);
    failures.endedEarly(three, 10, 2_000);
    expect(failures.failure).toBeNull();
    failures.endedEarly({ exitCode: null, signal: 'SIGSEGV' }, 10, 3_000);
    expect(failures.failure).toMatchObject({ check: 'start', failedAt: 3_000 });
    expect(failures.failure?.reason).toContain('SIGSEGV');
    expect(failures.startAt).toBe(5_000);
  });

  it('begin anew after a game that has lived long', () => {
    const failures = new Failures();
    for (const now of [1_000, 2_000, 3_000]) failures.endedEarly(three, 10, now);
    failures.endedEarly(three, 60_000, 100_000);
    expect(failures.failure).toBeNull();
    expect(failures.startAt).toBe(100_500);
  });

  it('are the same as long as the reason is', () => {
    const failures = new Failures();
    failures.notStarted('there is no executable game', 1_000);
    failures.notStarted('there is no executable game', 2_000);
    expect(failures.failure?.failedAt).toBe(1_000);
    failures.notStarted('the disk is full', 3_000);
    expect(failures.failure?.failedAt).toBe(3_000);
    failures.forget();
    expect(failures.failure).toBeNull();
    expect(failures.startAt).toBe(0);
  });
});

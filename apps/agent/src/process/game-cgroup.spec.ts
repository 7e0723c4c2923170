import { describe, expect, it } from '@jest/globals';
import { usedInWords, type Used } from './game-cgroup.js';

describe('What a game used, in words', () => {
  const used: Used = {
    memoryBytesMax: 64 * 1024 * 1024,
    cpuMs: 1_500,
    oomKills: 0,
    tasksRefused: 0,
    memoryMiBMax: null,
  };

  it.each<[Partial<Used>, string]>([
    [{}, 'used 64 MiB of memory at most, 1.5 s of processors'],
    [{ memoryBytesMax: null, tasksRefused: 2 }, '2 not started: out of its limit of tasks'],
    [{ oomKills: 1 }, '1 killed: out of memory'],
    [{ oomKills: 1, memoryMiBMax: 64 }, '1 killed: out of its memory limit (64 MiB)'],
  ])('tells %j', (changes, words) => {
    expect(usedInWords({ ...used, ...changes }).endsWith(words)).toBe(true);
  });
});

import { describe, expect, it } from '@jest/globals';
import { coursesOf, sayCourse, type Sample } from './level.js';

const samples = (memoryAt: (part: number) => number, p99At = (_: number) => 20): Sample[] =>
  Array.from({ length: 20 }, (_, index) => ({
    ...{ seconds: 10 * (index + 1), allocations: 1_000 * (index + 1), errors: 0, perSecond: 100 },
    ...{ p50: 10, p99: p99At(index / 19), memory: { allocator: memoryAt(index / 19) } },
  }));

const saidOf = (...of: Parameters<typeof samples>) => coursesOf(samples(...of)).map(sayCourse);

describe('The course of a long run', () => {
  it('is level if nothing grows after the warm-up, whatever grew before', () => {
    const warming = (part: number) => (part < 0.2 ? 100 + 1_000 * part : 300);
    expect(saidOf(warming)).toEqual([
      'p99: level, 20.0 → 20.0 ms (+0.0 ms)',
      'allocator: level, 300.0 → 300.0 MiB (+0.0 MiB)',
    ]);
  });

  it('tells what grows, and by how much', () => {
    expect(
      saidOf(
        (part) => 300 + 200 * part,
        (part) => 20 + 20 * part,
      ),
    ).toEqual([
      expect.stringMatching(/^p99: GROWING, 2\d\.\d → 3\d\.\d ms \(\+1\d\.\d ms\)$/),
      expect.stringMatching(/^allocator: GROWING, 3\d\d\.\d → 4\d\d\.\d MiB \(\+1\d\d\.\d MiB\)$/),
    ]);
  });

  it('calls a single spike no growth', () => {
    expect(saidOf((part) => (part === 1 ? 900 : 300))[1]).toMatch(/^allocator: level/);
  });

  it('says nothing of a run that is too short', () => {
    expect(coursesOf(samples(() => 1).slice(0, 3))).toEqual([]);
  });
});

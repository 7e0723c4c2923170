import { describe, expect, it } from '@jest/globals';
import { medianOf, percentile, summarize, type Measurement } from './measure.js';

describe('a percentile', () => {
  it.each([
    [0, 1],
    [0.5, 50],
    [0.99, 99],
    [1, 100],
  ])('at %d of 1 to 100 is %d', (fraction, value) => {
    const sorted = Float64Array.from({ length: 100 }, (_, index) => index + 1);
    expect(percentile(sorted, fraction)).toBe(value);
  });

  it('is a measured value, even of a few', () => {
    expect(percentile(Float64Array.of(1, 9), 0.5)).toBe(1);
    expect(percentile(Float64Array.of(7), 0.99)).toBe(7);
  });

  it('is not a number if nothing was measured', () => {
    expect(percentile(new Float64Array(), 0.5)).toBeNaN();
  });
});

describe('a measurement', () => {
  it('sorts latencies by number, not as text', () => {
    const latencies = Float64Array.of(10, 9, 100, 1);
    expect(summarize(latencies, 2, 500)).toEqual({
      count: 4,
      errors: 2,
      p50: 9,
      p99: 100,
      perSecond: 8,
    });
  });

  it('takes the median round of each number, and all errors', () => {
    const round = (p50: number, perSecond: number): Measurement => ({
      count: 10,
      errors: 1,
      p50,
      p99: 2 * p50,
      perSecond,
      cpu: { allocator: 10 * p50 },
      traffic: { stored: p50, messagesIn: 1, messagesOut: 2, bytesIn: 3, bytesOut: perSecond },
    });
    expect(medianOf([round(1, 300), round(3, 100), round(2, 200)])).toEqual({
      count: 30,
      errors: 3,
      p50: 2,
      p99: 4,
      perSecond: 200,
      cpu: { allocator: 20 },
      traffic: { stored: 2, messagesIn: 1, messagesOut: 2, bytesIn: 3, bytesOut: 200 },
    });
  });
});

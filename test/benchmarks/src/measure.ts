/** What one run of the load generator has seen. Latencies in milliseconds. */
export interface Measurement {
  /** Requests answered with a slot. */
  readonly count: number;
  readonly errors: number;
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
}

/**
 * Sums up a run.
 *
 * @param latencies of the successful requests, in milliseconds, in any order; sorted in place
 * @param elapsedMs from the first request to the last answer
 */
export function summarize(latencies: Float64Array, errors: number, elapsedMs: number): Measurement {
  latencies.sort();
  return {
    count: latencies.length,
    errors,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    perSecond: (latencies.length * 1_000) / elapsedMs,
  };
}

/** The nearest-rank percentile: a value that was really seen. NaN where there is none. */
export function percentile(sorted: Float64Array, fraction: number): number {
  const rank = Math.max(1, Math.ceil(fraction * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** The median round for each number, so that one disturbed round does not count. */
export function medianOf(rounds: readonly Measurement[]): Measurement {
  const median = (read: (round: Measurement) => number): number =>
    percentile(Float64Array.from(rounds, read).sort(), 0.5);
  return {
    count: rounds.reduce((sum, round) => sum + round.count, 0),
    errors: rounds.reduce((sum, round) => sum + round.errors, 0),
    p50: median((round) => round.p50),
    p99: median((round) => round.p99),
    perSecond: median((round) => round.perSecond),
  };
}

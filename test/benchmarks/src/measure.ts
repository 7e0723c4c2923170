import type { Traffic } from './traffic.js';

/** The results of one run of the load generator. Latencies are in milliseconds. */
export interface Measurement {
  /** Number of requests answered with a slot. */
  readonly count: number;
  readonly errors: number;
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
  /** Processor time of each process per allocation (µs); empty if the system does not report it. */
  readonly cpu: Readonly<Record<string, number>>;
  /** What nats-server moved and stored per allocation. */
  readonly traffic: Traffic;
}

/**
 * Sums up a run's latencies.
 *
 * @param latencies latencies of the successful requests (ms), in any order; sorted in place
 * @param elapsedMs time from the first request to the last answer
 */
export function summarize(latencies: Float64Array, errors: number, elapsedMs: number) {
  latencies.sort();
  return {
    count: latencies.length,
    errors,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    perSecond: (latencies.length * 1_000) / elapsedMs,
  };
}

/** The nearest-rank percentile: a value that really occurred. NaN if there are no values. */
export function percentile(sorted: Float64Array, fraction: number): number {
  const rank = Math.max(1, Math.ceil(fraction * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** The median over the rounds for each number, so that one disturbed round does not count. */
export function medianOf(rounds: readonly Measurement[]): Measurement {
  const median = (read: (round: Measurement) => number): number =>
    percentile(Float64Array.from(rounds, read).sort(), 0.5);
  const total = (read: (round: Measurement) => number): number =>
    rounds.reduce((sum, round) => sum + read(round), 0);
  const processes = Object.keys(rounds[0]?.cpu ?? {});
  return {
    count: total((round) => round.count),
    errors: total((round) => round.errors),
    p50: median((round) => round.p50),
    p99: median((round) => round.p99),
    perSecond: median((round) => round.perSecond),
    cpu: Object.fromEntries(
      processes.map((name) => [name, median((round) => round.cpu[name] ?? NaN)]),
    ),
    traffic: {
      messagesIn: median((round) => round.traffic.messagesIn),
      messagesOut: median((round) => round.traffic.messagesOut),
      bytesIn: median((round) => round.traffic.bytesIn),
      bytesOut: median((round) => round.traffic.bytesOut),
      stored: median((round) => round.traffic.stored),
    },
  };
}

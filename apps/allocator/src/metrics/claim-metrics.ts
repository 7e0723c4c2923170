import type { LabelValues, Metrics } from '#metrics';
import type { AnswerObserver } from '../claim/answer-notes.js';

const LABELS = ['region', 'fleet', 'outcome'] as const;

/**
 * How requests were answered. `outcome` is `allocated` or the refusal's code; `fleet` is the slot's
 * fleet, or else the one the request names, or empty.
 */
export function claimMetrics(metrics: Metrics, fleets: LabelValues) {
  const latency = metrics.latency(
    'berth_allocation_duration_seconds',
    'From the arrival of a request at an allocator to its answer, including the wait for a slot',
    LABELS,
  );
  return (region: string): AnswerObserver =>
    ({ fleet = '' }, answer, elapsedNs) => {
      const [outcome, named] =
        answer.status === 'allocated' ? ['allocated', answer.fleet] : [answer.code, fleet];
      latency.observe({ region, fleet: fleets.of(named), outcome }, elapsedNs / 1e9);
    };
}

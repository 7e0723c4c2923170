import { LabelValues, type Metrics } from '#metrics';
import { signatureIn } from '#wire';
import type { AnswerObserver } from '../claim/answer-notes.js';

const LABELS = ['region', 'fleet', 'face', 'outcome'] as const;

/** Clients on NATS say themselves who asks, so there may be any number of faces. */
const FACES_MAX = 8;

/**
 * How requests were answered. `outcome` is `allocated` or the refusal's code; `fleet` is the slot's
 * fleet, or else the one the request names, or empty; `face` is the API that signed the request.
 */
export function claimMetrics(metrics: Metrics, fleets: LabelValues) {
  const latency = metrics.latency(
    'berth_allocation_duration_seconds',
    'From the arrival of a request at an allocator to its answer, including the wait for a slot',
    LABELS,
  );
  const faces = new LabelValues(FACES_MAX);
  return (region: string): AnswerObserver =>
    ({ fleet = '', by = '' }, answer, elapsedNs) => {
      const [outcome, named] =
        answer.status === 'allocated' ? ['allocated', answer.fleet] : [answer.code, fleet];
      const face = faces.of(signatureIn(by)?.face ?? '');
      latency.observe({ region, fleet: fleets.of(named), face, outcome }, elapsedNs / 1e9);
    };
}

import { countEndpoints, LabelValues, Metrics } from '#metrics';
import type { Allocator } from '../allocator.js';
import { claimMetrics } from './claim-metrics.js';
import { eventMetrics } from './event-metrics.js';
import { regionMetrics } from './region-metrics.js';
import { RUNS_MAX, slotMetrics } from './slot-metrics.js';

/**
 * Number of fleets with a label of their own: requests name fleets, so there may be any number of
 * names.
 */
export const FLEETS_MAX = 200;

/** All metrics of the allocators in one process. */
export function allocatorMetrics() {
  const metrics = new Metrics('allocator');
  const fleets = new LabelValues(FLEETS_MAX);
  const answered = claimMetrics(metrics, fleets);
  const appended = eventMetrics(metrics, fleets);
  const watchSlots = slotMetrics(metrics, fleets, new LabelValues(RUNS_MAX));
  const watchRegion = regionMetrics(metrics, fleets);
  const started = metrics.gauge(
    'berth_allocator_start_seconds',
    "From the opening of the region's log until it was read, and requests were served",
    ['region'],
  );
  const watch = (allocator: Allocator) => {
    const { region, pool } = allocator;
    allocator.observe({ answered: answered(region), appended: appended(region) });
    watchSlots(region, pool);
    watchRegion(allocator);
  };
  return { metrics, watch, started, watchEndpoints: countEndpoints(metrics) };
}

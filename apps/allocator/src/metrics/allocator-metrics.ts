import { countEndpoints, LabelValues, Metrics } from '#metrics';
import type { Allocator } from '../allocator.js';
import { claimMetrics } from './claim-metrics.js';
import { eventMetrics } from './event-metrics.js';
import { regionMetrics } from './region-metrics.js';
import { RUNS_MAX, slotMetrics } from './slot-metrics.js';

/** Fleets that are told apart: requests name them, so that there may be any number of names. */
export const FLEETS_MAX = 200;

/** Everything that the allocators of one process tell of themselves. */
export function allocatorMetrics() {
  const metrics = new Metrics('allocator');
  const fleets = new LabelValues(FLEETS_MAX);
  const answered = claimMetrics(metrics, fleets);
  const appended = eventMetrics(metrics, fleets);
  const watchSlots = slotMetrics(metrics, fleets, new LabelValues(RUNS_MAX));
  const watchRegion = regionMetrics(metrics, fleets);
  const watch = (allocator: Allocator) => {
    const { region, pool } = allocator;
    allocator.observe({ answered: answered(region), appended: appended(region) });
    watchSlots(region, pool);
    watchRegion(allocator);
  };
  return { metrics, watch, watchEndpoints: countEndpoints(metrics) };
}

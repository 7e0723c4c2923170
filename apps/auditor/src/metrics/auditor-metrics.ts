import { countEndpoints, Metrics } from '#metrics';
import type { RegionIndex } from '../index/region-index.js';

/** The metrics of an auditor. */
export function auditorMetrics() {
  const metrics = new Metrics('auditor');
  const gauge = (name: string, help: string) => metrics.gauge(name, help, ['region']);
  const readTo = gauge('berth_index_read_sequence', 'Sequence of the last event in the index');
  const lag = gauge(
    'berth_index_lag_events',
    'Events of the log that are not in the index yet; missing while the log does not answer',
  );
  const claims = gauge('berth_index_claims', 'Claims in the index');
  const bytes = gauge('berth_index_bytes', 'Size of the index on disk');
  const isBuilt = gauge('berth_index_built', '1: the index answers; 0: it is being built');
  const rebuilds = metrics.counter(
    'berth_index_rebuilds_total',
    'Indexes begun from nothing: the first one, on demand, or since the old one was void',
    ['region'],
  );
  const watch = (index: RegionIndex) =>
    metrics.onScrape(() => {
      const { region, state } = index;
      readTo.set({ region }, state.readTo);
      lag.remove({ region });
      if (state.lagEvents !== null) lag.set({ region }, state.lagEvents);
      claims.set({ region }, state.claims);
      bytes.set({ region }, state.bytes);
      isBuilt.set({ region }, state.built === null ? 0 : 1);
      rebuilds.remove({ region });
      rebuilds.inc({ region }, index.rebuilds);
    });
  return { metrics, watch, watchEndpoints: countEndpoints(metrics) };
}

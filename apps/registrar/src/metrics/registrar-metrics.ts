import { countEndpoints, Metrics } from '#metrics';
import type { Registrar } from '../registrar.js';

/** Everything that a registrar tells of itself. */
export function registrarMetrics() {
  const metrics = new Metrics('registrar');
  const servers = metrics.gauge(
    'berth_registered_servers',
    'Servers that are registered, those that are on their way out included',
    [],
  );
  const watch = (registrar: Registrar) => metrics.onScrape(() => servers.set(registrar.size));
  return { metrics, watch, watchEndpoints: countEndpoints(metrics) };
}

import { countEndpoints, Metrics } from '#metrics';
import type { Registrar } from '../registrar.js';

/** The metrics of a registrar. */
export function registrarMetrics() {
  const metrics = new Metrics('registrar');
  const servers = metrics.gauge(
    'berth_registered_servers',
    'Servers that are registered, including those whose slots are being retired',
    [],
  );
  const watch = (registrar: Registrar) => metrics.onScrape(() => servers.set(registrar.size));
  return { metrics, watch, watchEndpoints: countEndpoints(metrics) };
}

import type { EndpointServer } from '#rpc';
import type { Metrics } from './metrics.js';

/** Counts a service's answers on the bus by endpoint, from the statistics that the server keeps. */
export function countEndpoints(metrics: Metrics): (server: EndpointServer) => void {
  const labels = ['endpoint'] as const;
  const requests = metrics.counter(
    'berth_endpoint_requests_total',
    'Requests on the bus that were answered',
    labels,
  );
  const errors = metrics.counter(
    'berth_endpoint_errors_total',
    'Requests on the bus that were refused, or failed',
    labels,
  );
  const seconds = metrics.counter(
    'berth_endpoint_processing_seconds_total',
    'Time from request to answer, waiting included',
    labels,
  );
  return (server) =>
    metrics.onScrape(() => {
      for (const metric of [requests, errors, seconds]) metric.reset();
      for (const { name: endpoint, ...stats } of server.stats) {
        requests.inc({ endpoint }, stats.num_requests);
        errors.inc({ endpoint }, stats.num_errors);
        seconds.inc({ endpoint }, stats.processing_time / 1e9);
      }
    });
}

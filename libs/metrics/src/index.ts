export { countEndpoints } from './endpoint-metrics.js';
export { LabelValues } from './label-values.js';
export { openMetricsServer } from './metrics-server.js';
export { Metrics, type MetricDescription } from './metrics.js';

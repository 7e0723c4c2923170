import { version } from '#service-runtime';
import {
  collectDefaultMetrics,
  Counter,
  Gauge,
  Histogram,
  Registry,
  type OpenMetricsContentType,
} from 'prom-client';

/**
 * Buckets from one millisecond to a minute, in seconds: an append takes a few ms, a cold start many
 * s.
 */
const LATENCY_BUCKETS_S: readonly number[] = [
  ...[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5],
  ...[1, 2.5, 5, 10, 30, 60],
];

/** Name, type, meaning and labels of one metric. */
export interface MetricDescription {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly help: string;
  readonly labels: readonly string[];
}

/**
 * The metrics of one service, in OpenMetrics. Names follow its conventions: base units, and
 * `_total` for counters. Each process has one instance. `measureNode` adds figures of Node itself.
 */
export class Metrics {
  private readonly registry = new Registry<OpenMetricsContentType>();
  private readonly readers: (() => Promise<void>)[] = [];

  constructor(service: string) {
    this.registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    const labelNames = ['service', 'version'] as const;
    const help = 'Always 1; its labels say what runs';
    const build = new Gauge({
      ...{ name: 'berth_build_info', help, labelNames },
      registers: [this.registry],
    });
    build.set({ service, version }, 1);
  }

  /** Also measures Node: event-loop delay, memory, garbage collection. */
  measureNode(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  /** A value that only rises. The name must end in `_total`. */
  counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]) {
    return new Counter<Label>({ name, help, labelNames, registers: [this.registry] });
  }

  /** A value that rises and falls. */
  gauge<Label extends string>(name: string, help: string, labelNames: readonly Label[]) {
    return new Gauge<Label>({ name, help, labelNames, registers: [this.registry] });
  }

  /** A histogram of durations. The name must end in `_seconds`. */
  latency<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    bucketsS = LATENCY_BUCKETS_S,
  ) {
    const buckets = [...bucketsS];
    return new Histogram<Label>({ name, help, labelNames, buckets, registers: [this.registry] });
  }

  /**
   * Calls `read` before each scrape. It sets the metrics that are read, not counted as things
   * happen.
   */
  onScrape(read: () => void | Promise<void>): void {
    this.readers.push(async () => read());
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** All metrics, in the format of a scrape. */
  async text(): Promise<string> {
    await Promise.all(this.readers.map((read) => read()));
    return this.registry.metrics();
  }

  /** Descriptions of all metrics, sorted by name. */
  describe(): readonly MetricDescription[] {
    const metrics = this.registry.getMetricsAsArray() as unknown as Described[];
    return metrics
      .map(({ name, type, help, labelNames }) => ({ name, type, help, labels: labelNames }))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }
}

/** A metric of prom-client, with a property that its types leave out. */
interface Described extends Omit<MetricDescription, 'labels'> {
  readonly labelNames: readonly string[];
}

import type { Counts } from './counts.js';
import type { CountedFaults } from './faults.js';
import { someLatency } from './life.js';
import { chanceOf } from './seeds.js';
import type { Timeline } from './timeline.js';
import type { Trace } from './trace.js';

interface Stall {
  readonly until: number;
  /** Whether the log's heartbeats are still heard. */
  readonly isHeard: boolean;
}

/** The network between processes: messages take time, and some are lost, late or repeated. */
export class Network {
  private readonly latency;
  private readonly stalls = new Map<string, Stall>();

  constructor(
    seed: number,
    private readonly timeline: Timeline,
    private readonly faults: CountedFaults,
    private readonly trace: Trace,
    private readonly counts: Counts,
  ) {
    this.latency = chanceOf(seed, 'network');
  }

  /** Sends one message; `arrive` may be called once, twice or never. */
  send(what: string, arrive: () => void): void {
    this.counts.messages += 1;
    const fault = this.faults.next('message');
    const ms = someLatency(this.latency);
    if (fault === undefined) return void this.timeline.after(ms, arrive);
    this.trace.note('network', `message ${fault.nth}, ${what}: ${fault.fate} ${fault.byMs}`);
    if (fault.fate === 'lost') {
      this.counts.lost += 1;
      return;
    }
    if (fault.fate === 'twice') {
      this.counts.repeated += 1;
      this.timeline.after(ms, arrive);
    }
    this.timeline.after(ms + fault.byMs, arrive);
  }

  stall(who: string, forMs: number, isHeard: boolean): void {
    this.stalls.set(who, { until: this.timeline.now() + forMs, isHeard });
  }

  stallOf(who: string): Stall | undefined {
    const stall = this.stalls.get(who);
    return stall !== undefined && this.timeline.now() < stall.until ? stall : undefined;
  }
}

/** The load generator, in its own process. */
import { askAtRate, keepInFlight, type Run } from './asking.js';
import { cpuOf } from './cpu.js';
import { summarize, type Measurement } from './measure.js';
import type { Load } from './options.js';
import type { OpenRequester } from './target.js';
import { perAllocation, quietTraffic } from './traffic.js';
import { runAsWorker } from './worker.js';

export interface LoadParameters {
  /** The module that exports `open`, and the parameter of `open`. */
  readonly requesterUrl: string;
  readonly address: object;
  readonly load: Load;
  /** The processes whose processor time is measured, by name. */
  readonly processes: Readonly<Record<string, number>>;
  readonly monitorUrl: string;
}

await runAsWorker(async (parameters: LoadParameters): Promise<Measurement> => {
  const { load, monitorUrl } = parameters;
  const { open } = (await import(parameters.requesterUrl)) as { open: OpenRequester<object> };
  const requester = await open(parameters.address);
  const allocate = (id: string) => requester.allocate(id);
  await run(load, load.warmUp);
  const before = await quietTraffic(monitorUrl);
  const spentBefore = spent();
  const { latencies, errors, elapsedMs } = await run(load, load.count);
  const own = process.cpuUsage(spentBefore.own);
  // The end of the session and the cleaning up after it belong to the allocation too.
  const after = await quietTraffic(monitorUrl);
  await requester.close();
  const summary = summarize(latencies, errors, elapsedMs);
  return { ...summary, cpu: cpuSince(), traffic: perAllocation(before, after, summary.count) };

  function run({ kind, ...at }: Load, count: number): Promise<Run> {
    return kind === 'in flight'
      ? keepInFlight(allocate, at.amount, count)
      : askAtRate(allocate, at.amount, count);
  }

  function spent() {
    const entries = Object.entries(parameters.processes).map(
      ([name, pid]) => [name, cpuOf(pid)] as const,
    );
    return { entries, own: process.cpuUsage() };
  }

  function cpuSince(): Record<string, number> {
    const since = new Map(spentBefore.entries);
    const each = (microseconds: number) => microseconds / summary.count;
    const cpu: Record<string, number> = {};
    for (const [name, now] of spent().entries) {
      const then = since.get(name);
      if (now !== undefined && then !== undefined) cpu[name] = each(now - then);
    }
    return { ...cpu, load: each(own.user + own.system) };
  }
});

import { readFile } from 'node:fs/promises';

const MIB = 2 ** 20;

/** The memory of a process that is in use (MiB); NaN where the system has no /proc like Linux. */
export async function residentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024;
}

/** What a service's objects take (MiB), garbage included: by its metrics. */
export async function heapOf(metricsPort: number): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  return Number(/^nodejs_heap_size_used_bytes (\S+)$/m.exec(metrics)?.[1]) / MIB;
}

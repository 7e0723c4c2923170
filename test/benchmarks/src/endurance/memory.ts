import { readFile } from 'node:fs/promises';

const MIB = 2 ** 20;
const ANSWER_MS = 5_000;

/** The memory of a process that is in use (MiB); NaN where the system has no /proc like Linux. */
export async function residentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024;
}

/** What a service's objects take (MiB), garbage included: by its metrics; NaN if it does not answer. */
export async function heapOf(metricsPort: number): Promise<number> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const answer = await fetch(`http://127.0.0.1:${metricsPort}/metrics`, { signal });
    const metrics = await answer.text();
    return Number(/^nodejs_heap_size_used_bytes (\S+)$/m.exec(metrics)?.[1]) / MIB;
  } catch {
    return NaN;
  }
}

import type { Usage } from '#wire';
import { readFile, readdir } from 'node:fs/promises';
import { membersOf, type Family, type Member } from '../process/members.js';

/** The unit of proc(5), whatever the kernel's own is. */
const TICKS_PER_SECOND = 100;

/** What a slot's processes have used, at one instant. */
export interface Measured extends Omit<Usage, 'cpus'> {
  /** Processor time of each process that is there. */
  readonly ticks: ReadonlyMap<number, number>;
}

/** By the order of the families. One look at the machine for all of them. */
export async function measure(families: readonly Family[], at: number): Promise<Measured[]> {
  // Who has left the group is looked for when the game has ended: it takes too long for this.
  const found = await membersOf(families.map((family) => ({ ...family, mark: null })));
  return Promise.all(found.map((members) => measured(members, at)));
}

async function measured(members: readonly Member[], measuredAt: number): Promise<Measured> {
  const each = await Promise.all(members.map(({ pid }) => Promise.all([memory(pid), files(pid)])));
  return {
    measuredAt,
    processes: members.length,
    threads: sum(members.map(({ threads }) => threads)),
    memoryBytes: sum(each.map(([bytes]) => bytes)),
    openFiles: sum(each.map(([, count]) => count)),
    ticks: new Map(members.map(({ pid, ticks }) => [pid, ticks])),
  };
}

/** Processors in use between two looks, by the processes that were there at the second. */
export function cpusBetween(before: Measured | undefined, now: Measured): number | null {
  if (before === undefined || now.measuredAt <= before.measuredAt) return null;
  const ticks = sum([...now.ticks].map(([pid, used]) => used - (before.ticks.get(pid) ?? 0)));
  const seconds = (now.measuredAt - before.measuredAt) / 1_000;
  return Math.max(0, Math.round((ticks / TICKS_PER_SECOND / seconds) * 1_000) / 1_000);
}

async function memory(pid: number): Promise<number> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'latin1');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

async function files(pid: number): Promise<number> {
  try {
    return (await readdir(`/proc/${pid}/fd`)).length;
  } catch {
    return 0;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

import type { Usage } from '#wire';
import { readFile, readdir } from 'node:fs/promises';
import { membersOf, type Family, type Member } from '../process/members.js';

/** Ticks of proc(5) per second; they do not depend on the kernel's own timer. */
const TICKS_PER_SECOND = 100;

/** What a slot's processes use at one instant. */
export interface Measured extends Omit<Usage, 'cpus'> {
  /** Processor time of each living process (ticks), by process id. */
  readonly ticks: ReadonlyMap<number, number>;
}

/** The usage of each family, in the order of the families. Reads /proc once for all of them. */
export async function measure(families: readonly Family[], at: number): Promise<Measured[]> {
  // The search for processes outside the group takes too long here; it is made when the game has
  // ended.
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

/**
 * Processors in use between two measurements, by the processes that live at the second; null if
 * there is no earlier measurement.
 */
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

import { usageAnswer } from '#http-api';
import { errorMessage } from '#kernel';
import type { Usage } from '#wire';
import type { Api } from './api.js';

/** How many slots are asked for at the same time. */
const AT_ONCE_MAX = 8;

const MIB = 1024 * 1024;

export type SlotUsage = Usage | null | { readonly unknown: string };

/** Usage by slot, in the order of the ids. A slot whose agent does not answer has `unknown`. */
export async function usageOf(
  api: Api,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SlotUsage>> {
  const found = new Map<string, SlotUsage>();
  for (let from = 0; from < ids.length; from += AT_ONCE_MAX) {
    const some = ids.slice(from, from + AT_ONCE_MAX);
    const used = await Promise.all(some.map((id) => usageOfOne(api, id)));
    some.forEach((id, index) => found.set(id, used[index] ?? null));
  }
  return found;
}

async function usageOfOne(api: Api, id: string): Promise<SlotUsage> {
  try {
    return (await api.get(`/v1/slots/${encodeURIComponent(id)}/usage`, usageAnswer)).usage;
  } catch (error) {
    return { unknown: errorMessage(error) };
  }
}

export const USAGE_HEADINGS = ['cpus', 'memory', 'processes', 'threads', 'files'] as const;

/** One cell for each of `USAGE_HEADINGS`. */
export function usageCells(used: SlotUsage | undefined): readonly string[] {
  if (used === undefined || used === null) return USAGE_HEADINGS.map(() => '');
  if ('unknown' in used) return ['?', '?', '?', '?', '?'];
  const { cpus, memoryBytes, processes, threads, openFiles } = used;
  return [
    cpus === null ? '' : cpus.toFixed(2),
    `${(memoryBytes / MIB).toFixed(1)} MiB`,
    String(processes),
    String(threads),
    String(openFiles),
  ];
}

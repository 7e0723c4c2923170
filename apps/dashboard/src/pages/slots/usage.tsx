import { Facts } from '../../parts/facts.js';
import { useTick } from '../../parts/use-tick.js';
import type { SlotUsage } from '../../types.js';
import { useAnswer } from '../../use-answer.js';

/** How often it is measured anew (ms). */
const LOOK_MS = 2_000;

const MIB = 1024 * 1024;

/** What the slot's processes use of their machine. */
export function Usage({ id }: { readonly id: string }) {
  const path = `/v1/slots/${encodeURIComponent(id)}/usage`;
  const { answer } = useAnswer<SlotUsage>(path, useTick(LOOK_MS));
  if (answer?.usage == null) return null;
  const { cpus, memoryBytes, processes, threads, openFiles } = answer.usage;
  return (
    <Facts
      of={{
        Uses: `${cpus === null ? '' : `${cpus.toFixed(2)} processors, `}${Math.round(memoryBytes / MIB)} MiB, ${processes} processes, ${threads} threads, ${openFiles} open files`,
      }}
    />
  );
}

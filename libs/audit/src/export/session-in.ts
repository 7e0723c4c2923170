import type { SlotRecord } from '#wire';

/** The session that an event belongs to: the one that the slot has, or that the event has ended. */
export function sessionIn(
  record: SlotRecord | undefined,
): { readonly id: string; readonly attempt: number } | undefined {
  if (record === undefined) return undefined;
  const { event, state } = record;
  const { allocation, lastEnd } = state.context;
  if (allocation !== null) return allocation;
  if (lastEnd?.at !== event.at || lastEnd.by !== event.type) return undefined;
  return { id: lastEnd.allocationId, attempt: lastEnd.attempt };
}

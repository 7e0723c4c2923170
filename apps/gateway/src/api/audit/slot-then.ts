import { whoAsked } from '#audit';
import type { Recorded } from '#kernel';
import type { SlotRef } from '#slot';
import { slotName, slotSubject, type SlotRecord } from '#wire';
import { historyOf, type Histories } from '../events/history.js';
import { slotJson } from '../slots/slot-json.js';

/** A slot as it was at an instant (epoch ms); undefined if nothing is kept of it from before. */
export async function slotThen(histories: Histories, ref: SlotRef, at: number) {
  let last: Recorded<SlotRecord> | undefined;
  let unreadable: string | null = null;
  for await (const item of historyOf(histories, slotSubject(ref), { sequence: 1 })) {
    if (item.kind === 'unreadable') {
      ({ reason: unreadable } = item);
      continue;
    }
    if (item.record.event.at > at) break;
    last = item;
    unreadable = null;
  }
  if (last === undefined) return undefined;
  const { sequence, record } = last;
  const { event, state, source } = record;
  const by = whoAsked(event);
  return {
    slot: slotJson({ name: slotName(ref), ref, sequence, state, unreadable }),
    at,
    since: event.at,
    event: event.type,
    ...(by !== undefined && { by }),
    writtenBy: source,
  };
}

import type { EventLog, LogItem } from '#kernel';
import type { SlotRef } from '#slot';
import { slotSubject, type SlotFact } from '#wire';
import { currentCaller } from '../access/caller.js';
import { eventJson } from './event-json.js';

/** A page of one slot's history, oldest first; `next` is the `after` of the page that follows. */
export async function eventsOf(
  log: EventLog<SlotFact>,
  ref: SlotRef,
  { after, limit }: { readonly after: number; readonly limit: number },
) {
  const items: LogItem<SlotFact>[] = [];
  let next: number | undefined;
  for await (const item of log.read(slotSubject(ref), { sequence: after + 1 })) {
    if (items.length === limit) {
      next = items.at(-1)?.sequence;
      break;
    }
    items.push(item);
  }
  const reader = currentCaller();
  return { events: items.map((item) => eventJson(item, reader)), next };
}

import { LogRefused, type EventLog, type LogItem, type ReadFrom } from '#kernel';
import type { SlotRef } from '#slot';
import { slotSubject, type SlotRecord } from '#wire';
import { currentCaller } from '../../auth/caller.js';
import { eventJson } from './event-json.js';

/**
 * The sources of a region's history: the archive, if there is one, has what the log has forgotten.
 */
export interface Histories {
  readonly log: EventLog<SlotRecord>;
  readonly archive?: EventLog<SlotRecord> | undefined;
}

/**
 * Every matching event from a place or an instant on, in order and each once, as far back as there
 * are any; only those that mention a text, if there is one.
 */
export async function* historyOf(
  { log, archive }: Histories,
  filter: string,
  from: ReadFrom,
  text?: string,
): AsyncGenerator<LogItem<SlotRecord>, void> {
  let archived = 0;
  try {
    let end = (await archive?.end()) ?? 0;
    for await (const item of archive?.read(filter, from, text) ?? []) {
      yield item;
      end = Math.max(end, item.sequence);
    }
    archived = end;
  } catch (error) {
    // A region need not have an archive.
    if (!(error instanceof LogRefused)) throw error;
  }
  // The archive lags a moment behind the log.
  const isBehind = archived > 0 && ('at' in from || from.sequence <= archived);
  yield* log.read(filter, isBehind ? { sequence: archived + 1 } : from, text);
}

/** A page of one slot's history, oldest first; `next` is the `after` of the next page. */
export async function eventsOf(
  histories: Histories,
  ref: SlotRef,
  { after, limit }: { readonly after: number; readonly limit: number },
) {
  const items: LogItem<SlotRecord>[] = [];
  let next: number | undefined;
  for await (const item of historyOf(histories, slotSubject(ref), { sequence: after + 1 })) {
    if (items.length === limit) {
      next = items.at(-1)?.sequence;
      break;
    }
    items.push(item);
  }
  const reader = currentCaller();
  return { events: items.map((item) => eventJson(item, reader)), next };
}
